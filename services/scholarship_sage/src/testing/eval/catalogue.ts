/** A small catalogue that stays as it is, in the form of scholarship_api: figures over it are comparable. All made up. */
function scholarship(
  id: string,
  title: string,
  description: string,
  more: { fields?: string[]; regions?: string[]; levels?: string[]; gpa?: number; amount: number },
) {
  const { fields = [], regions = [], levels = ['undergraduate'], gpa, amount } = more;
  return {
    ...{ id, title, description, fields_of_study: fields, regions, degree_levels: levels },
    ...{ min_gpa: gpa, amount_cents: amount * 100, currency: 'USD', deadline: '2030-03-01' },
  };
}

export const CATALOGUE: readonly object[] = [
  scholarship(
    'halcyon',
    'Halcyon Bay Nursing Grant',
    'For future midwives and nurses who stay near the coast.',
    {
      ...{ fields: ['nursing'], regions: ['maine'], amount: 2_500 },
    },
  ),
  scholarship(
    'granite',
    'Granite State Engineers Fund',
    'For students of civil and mechanical engineering who build bridges.',
    {
      ...{ fields: ['engineering'], regions: ['new-hampshire'], gpa: 3.2, amount: 5_000 },
    },
  ),
  scholarship(
    'heron',
    'Blue Heron Wetlands Award',
    'For students of biology who protect rivers, marshes and birds.',
    {
      ...{ fields: ['biology', 'environmental-science'], regions: ['louisiana'], amount: 3_000 },
    },
  ),
  scholarship(
    'ledger',
    'Open Ledger Accounting Scholarship',
    'For students of accounting and finance from small towns.',
    {
      ...{ fields: ['accounting'], regions: ['ohio'], gpa: 3, amount: 1_500 },
    },
  ),
  scholarship(
    'fiddle',
    'Fiddle and Bow Music Prize',
    'For violin players and other string musicians; send a recording.',
    {
      ...{ fields: ['music'], regions: ['tennessee'], amount: 4_000 },
    },
  ),
  scholarship(
    'compiler',
    'Ada Compiler Fellowship',
    'For women in computer science who write open source software.',
    {
      ...{ fields: ['computer-science'], gpa: 3.5, amount: 10_000, levels: ['graduate'] },
    },
  ),
  scholarship(
    'orchard',
    'Orchard Valley Agriculture Grant',
    'For children of farm workers who study agriculture.',
    {
      ...{ fields: ['agriculture'], regions: ['washington'], amount: 2_000 },
    },
  ),
  scholarship(
    'gavel',
    'Gavel Law School Scholarship',
    'For future lawyers who work for tenants without fee.',
    {
      ...{ fields: ['law'], regions: ['illinois'], amount: 8_000, levels: ['graduate'] },
    },
  ),
  scholarship(
    'chalk',
    'Chalk and Slate Teachers Award',
    'For future teachers of mathematics in rural schools.',
    {
      ...{ fields: ['education', 'mathematics'], regions: ['montana'], amount: 3_500 },
    },
  ),
  scholarship(
    'welder',
    'Iron Spark Welding Scholarship',
    'For apprentices in welding and other metal trades.',
    {
      ...{ fields: ['trades'], regions: ['michigan'], amount: 1_000, levels: ['vocational'] },
    },
  ),
  scholarship(
    'palette',
    'Palette Fine Arts Grant',
    'For painters and sculptors with a portfolio of ten works.',
    {
      ...{ fields: ['fine-arts'], regions: ['new-mexico'], amount: 2_200 },
    },
  ),
  scholarship(
    'stetho',
    'Second Opinion Medical Scholarship',
    'For students of medicine whose parents did not go to college.',
    {
      ...{ fields: ['medicine'], regions: ['texas'], gpa: 3.6, amount: 12_000, levels: ['graduate'] },
    },
  ),
  scholarship(
    'veteran',
    'Homeward Veterans Scholarship',
    'For veterans of the armed forces who return to college.',
    {
      ...{ regions: ['virginia'], amount: 6_000 },
    },
  ),
  scholarship(
    'lantern',
    'Lantern Journalism Award',
    'For young reporters of local newspapers and student radio.',
    {
      ...{ fields: ['journalism'], regions: ['oregon'], amount: 1_800 },
    },
  ),
];
