/** The words that sample scholarships are made of. Every name is invented. */

export const FIELDS: readonly { id: string; name: string; topics: readonly string[] }[] = [
  {
    id: 'computer-science',
    name: 'Computer Science',
    topics: ['software engineering', 'security', 'data systems'],
  },
  { id: 'engineering', name: 'Engineering', topics: ['civil works', 'robotics', 'energy systems'] },
  { id: 'nursing', name: 'Nursing', topics: ['community health', 'intensive care', 'midwifery'] },
  { id: 'medicine', name: 'Medicine', topics: ['rural practice', 'public health', 'clinical research'] },
  {
    id: 'education',
    name: 'Education',
    topics: ['early childhood', 'special needs', 'mathematics teaching'],
  },
  { id: 'business', name: 'Business', topics: ['entrepreneurship', 'accounting', 'supply chains'] },
  { id: 'law', name: 'Law', topics: ['civil rights', 'environmental law', 'public defence'] },
  { id: 'arts', name: 'Arts', topics: ['printmaking', 'theatre', 'film'] },
  { id: 'music', name: 'Music', topics: ['composition', 'jazz performance', 'music teaching'] },
  { id: 'biology', name: 'Biology', topics: ['marine life', 'genetics', 'conservation'] },
  { id: 'chemistry', name: 'Chemistry', topics: ['materials', 'pharmaceuticals', 'green chemistry'] },
  { id: 'physics', name: 'Physics', topics: ['optics', 'astrophysics', 'quantum devices'] },
  { id: 'mathematics', name: 'Mathematics', topics: ['statistics', 'cryptography', 'modelling'] },
  { id: 'agriculture', name: 'Agriculture', topics: ['soil health', 'small farms', 'food science'] },
  { id: 'journalism', name: 'Journalism', topics: ['local news', 'data reporting', 'documentary work'] },
  { id: 'social-work', name: 'Social Work', topics: ['youth services', 'housing', 'elder care'] },
  { id: 'environmental-science', name: 'Environmental Science', topics: ['water', 'climate', 'forests'] },
  { id: 'trades', name: 'Skilled Trades', topics: ['welding', 'electrical work', 'carpentry'] },
];

export const REGIONS: readonly { id: string; name: string }[] = [
  { id: 'california', name: 'California' },
  { id: 'texas', name: 'Texas' },
  { id: 'new-york', name: 'New York' },
  { id: 'florida', name: 'Florida' },
  { id: 'illinois', name: 'Illinois' },
  { id: 'ohio', name: 'Ohio' },
  { id: 'georgia', name: 'Georgia' },
  { id: 'washington', name: 'Washington' },
  { id: 'minnesota', name: 'Minnesota' },
  { id: 'new-mexico', name: 'New Mexico' },
  { id: 'maine', name: 'Maine' },
  { id: 'oregon', name: 'Oregon' },
];

export const FOUNDERS: readonly string[] = [
  'Alder Creek',
  'Bellweather',
  'Castellan',
  'Dunmore',
  'Eastgate',
  'Fairbourne',
  'Greenholt',
  'Halcyon Bay',
  'Ironwood',
  'Juniper Hill',
  'Kestrel',
  'Larkspur',
  'Meridian Point',
  'Northlight',
  'Oakhaven',
  'Pemberley Road',
  'Quillfeather',
  'Riverbend',
  'Silverbrook',
  'Thornfield',
];

export const KINDS: readonly string[] = ['Scholarship', 'Fellowship', 'Grant', 'Award', 'Bursary'];

export const AUDIENCES: readonly { text: string; incomeBand?: number; minAge?: number; maxAge?: number }[] = [
  { text: 'students who are the first of their family to study' },
  { text: 'students from families with a low income', incomeBand: 2 },
  { text: 'students from families with a modest income', incomeBand: 3 },
  { text: 'adults who return to education', minAge: 25 },
  { text: 'young people who leave school this year', maxAge: 20 },
  { text: 'students who volunteer in their community' },
  { text: 'students with excellent results' },
  { text: 'parents who study', minAge: 18 },
];
