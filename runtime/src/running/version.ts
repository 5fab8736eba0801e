/** The version of every package of this repository; a test holds it equal to the root package.json. */
export const VERSION = '0.1.0';
