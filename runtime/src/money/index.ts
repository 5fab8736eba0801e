export { formatMoney, type MoneyStyle } from './format-money.ts';
export { minorUnitsOf } from './minor-units.ts';
