export {
  type Accounts,
  type Caller,
  type Credentials,
  createAccounts,
  type Outcome,
  type Tokens,
} from './accounts-api.ts';
export {
  afterSignIn,
  CHANGE_PASSWORD_LINK,
  CHANGE_PASSWORD_PATH,
  changedNotice,
  changePasswordRoutes,
} from './change-password.ts';
export {
  type CredentialsForm,
  credentialFields,
  hasErrors,
  passwordField,
  readCredentials,
  textOf,
  UNAVAILABLE,
  UNCHECKED,
} from './credentials-form.ts';
export { FORGOTTEN_LINK, forgottenPasswordRoutes } from './forgotten-password.ts';
export { mailboxNote, NO_LINK_NOTICE } from './mail-notices.ts';
export { onlyPeople } from './only-people.ts';
export { createRefresher, type Refresh } from './refresher.ts';
export type { AccountErrors } from './refusal.ts';
export {
  clearSession,
  cookieAttributes,
  REFRESH_COOKIE,
  readRefreshCookie,
  setSession,
} from './session-cookies.ts';
export { noteVisitor, type Visitor, type VisitorDeps, visitorOf } from './visitor.ts';
