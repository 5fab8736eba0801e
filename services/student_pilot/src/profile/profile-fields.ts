import { DEGREE_LEVELS } from '@scholar/runtime/catalogue';
import { field, html, type SafeHtml } from '@scholar/runtime/http';
import type { ProfileForm, ProfileKey } from './profile.ts';

const NOT_SAID = { value: '', text: 'I would rather not say' };

const BANDS = [
  { value: '1', text: '1 – the lowest fifth of family incomes' },
  { value: '2', text: '2' },
  { value: '3', text: '3 – about the middle' },
  { value: '4', text: '4' },
  { value: '5', text: '5 – the highest fifth' },
];

const LEVELS = DEGREE_LEVELS.map((value) => ({ value, text: value.replaceAll('-', ' ') }));

/** The seven questions, as /profile and /matches ask them. */
export function profileFields({ values, errors }: ProfileForm): SafeHtml {
  const given = (name: ProfileKey) => ({ name, value: values[name], error: errors[name] });
  return html`
${field({ ...given('degree'), label: 'Level of study', options: [NOT_SAID, ...LEVELS] })}
${field({ ...given('field'), label: 'Field of study', hint: 'For example: computer science, nursing, law', maxlength: 60 })}
${field({ ...given('region'), label: 'Region', hint: 'For example: new york, texas', maxlength: 60 })}
${field({ ...given('citizenship'), label: 'Citizenship', hint: 'Country code of two letters, for example US', maxlength: 2 })}
${field({ ...given('gpa'), label: 'GPA', hint: 'On the scale of 4.0', inputmode: 'decimal' })}
${field({ ...given('income_band'), label: 'Family income', options: [NOT_SAID, ...BANDS] })}
${field({ ...given('age'), label: 'Age', inputmode: 'numeric', maxlength: 3 })}`;
}
