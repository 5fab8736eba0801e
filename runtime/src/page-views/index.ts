export { type CountView, createPageViews } from './page-views.ts';
export { visitOf } from './visit.ts';
