/** How the API server knows a TruthTable. Names are an interface: a change is a new version of the kind. */
export const GROUP = 'scholar.dev';
export const VERSION = 'v1alpha1';
export const API_VERSION = `${GROUP}/${VERSION}`;
export const KIND = 'TruthTable';
export const PLURAL = 'truthtables';
export const SHORT_NAME = 'tt';

/** The one field manager of everything that the operator writes. */
export const FIELD_MANAGER = 'scholar-operator';
