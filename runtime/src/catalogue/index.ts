export { DEGREE_LEVELS, type DegreeLevel } from './degree-levels.ts';
export { capitalised, inWords, regionInWords } from './in-words.ts';
export { type CatalogueEntry, createReadCatalogue, type ReadCatalogue } from './read-catalogue.ts';
export { SCHOLARSHIP_TRAITS } from './scholarship-traits.ts';
