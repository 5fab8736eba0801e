export { createPrivacyApi, type PrivacyApi } from './privacy-api.ts';
export { MY_DATA_PATH, type MyDataDeps, myDataRoutes } from './routes.ts';
