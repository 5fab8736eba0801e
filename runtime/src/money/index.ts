export { formatMoney, type MoneyStyle, minorUnitsOf } from './format-money.ts';
