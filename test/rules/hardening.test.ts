import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { insertedIntoSql } from './inserted-into-sql.ts';
import { LOCKED, packagesOf } from './packages-of.ts';
import { importsOf, packageOf, repositoryRoot, sourceFiles } from './source-files.ts';

/** What takes requests of strangers: everything but the command, loads and tests. */
const FACING = Object.keys(LOCKED).filter((folder) =>
  /^(?:contract|runtime|sidecar|services\/\w+)$/u.test(folder),
);
const ASIDE = /\/bench\/|\.test\.ts$|\/testing\/|\/generate\/|\/golden\//u;

const sources = sourceFiles()
  .filter((file) => FACING.includes(packageOf(file)) && !ASIDE.test(file))
  .map((file) => ({ file, name: relative(repositoryRoot, file) }));

const scripts = FACING.flatMap((folder) => {
  const assets = join(repositoryRoot, folder, 'assets');
  try {
    return readdirSync(assets)
      .filter((name) => name.endsWith('.js'))
      .map((name) => join(assets, name));
  } catch {
    return [];
  }
});

/** The sources in which something stands. */
const holding = (sign: RegExp) =>
  sources.filter(({ file }) => sign.test(readFileSync(file, 'utf8'))).map(({ name }) => name);

/** The sources that import one of these. */
const importing = (names: RegExp) =>
  sources.filter(({ file }) => importsOf(file).some((name) => names.test(name))).map(({ name }) => name);

test('the rules look at sources, scripts and packages that are there', () => {
  expect(sources.length).toBeGreaterThan(500);
  expect(scripts.length).toBeGreaterThan(3);
  expect(packagesOf(FACING)).toEqual(expect.arrayContaining(['express', 'got', 'pg', 'pino', 'stripe']));
});

test('nothing executes text: no eval, no code made of text, no virtual machine, and JSON is read by JSON.parse', () => {
  const sign = /\beval\s*\(|\bFunction\s*\(|setTimeout\(\s*['"`]|setInterval\(\s*['"`]/u;
  expect(holding(sign)).toEqual([]);
  expect(scripts.filter((file) => sign.test(readFileSync(file, 'utf8')))).toEqual([]);
  expect(importing(/^node:(?:vm|v8|repl|inspector)$/u)).toEqual([]);
});

test('no service starts a program; the local database alone is one, and no service reaches it', () => {
  const programs = importing(/^node:(?:child_process|cluster)$/u);
  expect(programs.filter((name) => !name.startsWith('runtime/src/postgres/'))).toEqual([]);
  expect(importing(/runtime\/postgres$/u)).toEqual([]);
});

test('no package reads uploads, XML, YAML, objects of a language, markup or templates, or speaks LDAP, SOAP or GraphQL', () => {
  const reader =
    /multer|busboy|formidable|multipart|multiparty|fileupload|xml|\bsax\b|yaml|serialize-javascript|node-serialize|bson|msgpack|protobuf|markdown|marked|remark|\bpug\b|\bejs\b|handlebars|mustache|nunjucks|liquid|ldap|soap|graphql|otplib|speakeasy|totp/iu;
  expect(packagesOf(FACING).filter((name) => reader.test(name))).toEqual([]);
});

test('files are read and written by these modules alone, none of which takes a name from a request', () => {
  const readers = importing(/^(?:node:)?fs(?:\/promises)?$/u).filter(
    (name) => !/^(?:sidecar\/src\/(?:outbox|cli)|runtime\/src\/(?:postgres|config|build))\//u.test(name),
  );
  expect(readers).toEqual([
    ...['runtime/src/db/migrate.ts', 'runtime/src/http/page/serve-assets.ts'],
    ...['services/auto_com_center/src/keys/read-key-files.ts'],
    'services/scholar_auth/src/password/leaked-list.ts',
    // By the label of a service, which is one of seven.
    ...['services/scholar_auth/src/service-tokens/service-clients.ts'],
    ...['services/scholarship_sage/src/guide/load-guide.ts', 'services/stripe_sandbox/src/state/journal.ts'],
  ]);
});

test('every listener and every application is made in one place, so that all of them read requests alike', () => {
  const listeners = holding(/\bcreateServer\(/u).filter((name) => !name.startsWith('runtime/src/postgres/'));
  expect(listeners).toEqual(['runtime/src/listener/listener.ts']);
  expect(holding(/\bexpress\(\)/u)).toEqual(['runtime/src/http/create-app.ts']);
  expect(holding(/\bexpress\.(?:json|urlencoded|raw|text)\(/u)).toEqual(['runtime/src/http/body.ts']);
  expect(holding(/\bexpress\.static\(/u)).toEqual([]);
});

/** Each was looked at: lists of columns that a schema names, parameters (`$1`), numbers and parts of statements made of both. */
const INSERTED: Readonly<Record<string, readonly string[]>> = {
  'runtime/src/background/retention.ts': ['pg.escapeIdentifier(table)'],
  'runtime/src/db/migrate.ts': ['qualified'],
  'services/auto_com_center/src/expiry/expired-rows.ts': ['table'],
  'services/auto_com_center/src/ingest/events-table.ts': ['arrays', 'names'],
  'services/auto_com_center/src/read/event-store.ts': [
    ...[
      "descending ? '<' : '>'",
      "descending ? 'events.xid DESC, events.seq DESC' : 'events.xid, events.seq'",
    ],
    ...['firstWithin(3_600)', 'firstWithin(60)', 'seconds', 'seconds - 10'],
  ],
  'services/auto_com_center/src/rejected/rejected-table.ts': [
    ...["arrays.join(', ')", "names.join(', ')", "selected.join(', ')"],
  ],
  // `bind` gives the parameter that stands for a value, `age` among them.
  'services/scholarship_api/src/catalogue/conditions.ts': [
    ...['age', 'bind(amount)', 'bind(band)', 'bind(gpa)', 'bind(last)', 'bind(wanted)'],
  ],
  'services/scholarship_api/src/catalogue/facet-copy.ts': [
    "FACET_NAMES.map((name) => `§{FACETS[name]} AS §{name}`).join(', ')",
    'name',
  ],
  'services/scholarship_api/src/catalogue/facets.ts': [
    ...['MOST_VALUES + 1', "Object.values(FACETS).join(', ')", "base.join(' AND ')"],
    ...["counts.join('\\n UNION ALL ')", "kept.join(' AND ')", 'name', 'where()', 'where(name)'],
    'wordsOf(filters.q, bind)',
  ],
  'services/scholarship_api/src/catalogue/store.ts': [
    ...[
      "[...assignments, 'updated_at = now()'].join(', ')",
      'bind(after.id)',
      'bind(after.sort)',
      'bind(query.limit + 1)',
    ],
    ...["columns.join(', ')", "columns.map((_, i) => `$§{i + 1}`).join(', ')", 'sort', 'type'],
    ...["where.join(' AND ')", 'words'],
  ],
  // Parameters, and what is made of them here.
  'services/scholarship_api/src/catalogue/words.ts': ['begun', 'last', 'rest', 'stems(last)', 'text'],
  'services/scholarship_api/src/seed/load-samples.ts': [
    ...["names.join(', ')", "names.map((_, i) => `$§{i + 1}`).join(', ')"],
  ],
};

test('statements are constants with placeholders: what else is put into one stands in this list', () => {
  const found = sources.map(({ file, name }) => [name, insertedIntoSql(readFileSync(file, 'utf8'))] as const);
  const listed = found
    .filter(([, inserted]) => inserted.length > 0)
    .map(([name, inserted]) => [
      name,
      [...new Set(inserted)].sort().map((text) => text.replaceAll('${', '§{')),
    ]);
  expect(Object.fromEntries(listed)).toEqual(INSERTED);
});

test('a value that is put into a statement as text is found, however it is written', () => {
  const source = [
    '// SELECT §{comment}',
    "query(`SELECT * FROM users WHERE email = '§{request.body.email}' AND §{COLUMNS} = $1`, [id]);",
    'const text = `§{open ? `DELETE FROM §{table}` : `hello §{name}`}`;',
  ];
  expect(insertedIntoSql(source.join('\n').replaceAll('§', '$'))).toEqual(['request.body.email', 'table']);
});

test.each([
  ['amount_cents >= §{amount}::bigint', 'amount'],
  ['(§{column} = 1 OR x)', 'column'],
  ['regions @> §{wanted}', 'wanted'],
  ['min_gpa IS NULL OR min_gpa <= §{gpa}', 'gpa'],
  ["to_tsquery('simple', §{words})", 'words'],
  ['words @@ §{query}', 'query'],
  ["email = '§{email}'", 'email'],
  ["name ILIKE '%§{part}%'", 'part'],
])('a part of a statement counts as one: %s', (text, inserted) => {
  expect(insertedIntoSql(`where.push(\`${text.replaceAll('§', '$')}\`);`)).toEqual([inserted]);
});

test.each([
  ["query('SELECT * FROM users WHERE id = ' + request.params.id);", ['request.params.id']],
  ["query(prefix + ' WHERE id = $1', [id]);", ['prefix']],
  ['query(`SELECT 1 FROM ` + table, []);', ['table']],
  ["query('SELECT 1 ' +\n  'FROM users');", []],
  ["const told = 'hello ' + name;", []],
  ["const sign = /['\"]/u;\nquery('SELECT 1 WHERE a = ' + a);", ['a']],
])('a plus beside a statement is found: %s', (source, inserted) => {
  expect(insertedIntoSql(source)).toEqual(inserted);
});

test('no script of a page keeps anything in the browser, or makes markup of text', () => {
  const faults = scripts.flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    const kept = /localStorage|sessionStorage|indexedDB|document\.cookie|\bcaches\b|serviceWorker/u.test(
      text,
    );
    const made = /innerHTML|outerHTML|insertAdjacentHTML|document\.write|srcdoc/u.test(text);
    return [...(kept ? [`${file} keeps`] : []), ...(made ? [`${file} makes`] : [])];
  });
  // It shows parts of a page of A8, which A8 has escaped as it escapes every page.
  const refresh = join(repositoryRoot, 'services/auto_com_center/assets/refresh.js');
  expect(faults).toEqual([`${refresh} makes`]);
});

test('every package is held by its digest, and none comes from anywhere but the registry', () => {
  const others = Object.entries(LOCKED).filter(
    ([folder, { link }]) => folder.includes('node_modules/') && !link,
  );
  expect(others.length).toBeGreaterThan(100);
  const loose = others.filter(([, { integrity }]) => !/^sha512-[A-Za-z0-9+/]{86}==$/u.test(integrity ?? ''));
  expect(loose.map(([folder]) => folder)).toEqual([]);
  expect(others.filter(([, { resolved }]) => resolved !== undefined).map(([folder]) => folder)).toEqual([]);
});
