export { type CatalogueEntry, createReadCatalogue, type ReadCatalogue } from './read-catalogue.ts';
