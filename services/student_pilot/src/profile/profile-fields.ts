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

const given = ({ values, errors }: ProfileForm, name: ProfileKey) => ({
  name,
  value: values[name],
  error: errors[name],
});

/** The seven questions, as /profile and /matches ask them. */
export function profileFields(form: ProfileForm): SafeHtml {
  return html`
${field({ ...given(form, 'degree'), label: 'Level of study', options: [NOT_SAID, ...LEVELS] })}
${field({ ...given(form, 'field'), label: 'Field of study', hint: 'For example: computer science, nursing, law', maxlength: 60 })}
${field({ ...given(form, 'region'), label: 'Region', hint: 'For example: new york, texas', maxlength: 60 })}
${field({ ...given(form, 'citizenship'), label: 'Citizenship', hint: 'Country code of two letters, for example US', maxlength: 2 })}
${limitFields(form)}`;
}

/** Those whose answer a scholarship may set a limit to. */
export function limitFields(form: ProfileForm): SafeHtml {
  return html`
${field({ ...given(form, 'gpa'), label: 'GPA', hint: 'On the scale of 4.0', inputmode: 'decimal' })}
${field({ ...given(form, 'income_band'), label: 'Family income', options: [NOT_SAID, ...BANDS] })}
${field({ ...given(form, 'age'), label: 'Age', inputmode: 'numeric', maxlength: 3 })}`;
}
