// Who types a password may look at it, and reads how strong a new one is. Without this script the fields are what they were.
const STRENGTHS = ['Nothing yet', 'Too short', 'Weak: easy to guess', 'Good', 'Strong'];

for (const input of document.querySelectorAll('input[autocomplete$="-password"]')) {
  addSwitch(input);
  if (input.autocomplete === 'new-password') addMeter(input);
}

function addSwitch(input) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'quiet reveal';
  button.setAttribute('aria-controls', input.id);
  // Browsers send text that they spell or correct to services of theirs, and a shown password is text.
  input.spellcheck = false;
  for (const name of ['autocapitalize', 'autocorrect']) input.setAttribute(name, 'off');
  const show = (shown) => {
    input.type = shown ? 'text' : 'password';
    button.textContent = shown ? 'Hide' : 'Show';
    button.setAttribute('aria-label', `${shown ? 'Hide' : 'Show'}: ${input.labels[0]?.textContent ?? ''}`);
  };
  show(false);
  button.addEventListener('click', () => show(input.type === 'password'));
  // Sent as what it is: programs that keep passwords look for a field of that type.
  input.form?.addEventListener('submit', () => show(false));
  input.after(button);
}

function addMeter(input) {
  const row = document.createElement('small');
  const meter = document.createElement('meter');
  Object.assign(meter, { min: 0, max: 4, low: 2, high: 3, optimum: 4 });
  meter.setAttribute('aria-label', 'How strong it is');
  const words = document.createElement('span');
  words.setAttribute('aria-live', 'polite');
  row.append(meter, ' ', words);
  const judge = () => {
    meter.value = strengthOf(input.value);
    words.textContent = STRENGTHS[meter.value];
  };
  judge();
  input.addEventListener('input', judge);
  input.nextElementSibling.after(row);
}

// How much there is to guess, in characters: one that repeats or goes on from the one before it (1234, aaaa, dcba) counts
// for a quarter. It knows no words and no lists; the server does, and decides.
function strengthOf(text) {
  const signs = [...text.normalize('NFKC').replaceAll(/ {2,}/gu, ' ')];
  if (signs.length === 0) return 0;
  if (signs.length < 12) return 1;
  const codes = signs.map((sign) => sign.codePointAt(0));
  const steps = codes.map((code, i) => (i === 0 ? undefined : code - codes[i - 1]));
  const guessed = steps.map((step, i) =>
    Math.abs(step ?? 9) <= 1 || signs.indexOf(signs[i]) === i - 2 ? 0.25 : 1,
  );
  const amount = Math.min(
    guessed.reduce((sum, each) => sum + each, 0),
    new Set(signs).size * 2,
  );
  if (amount < 11) return 2;
  return amount < 16 ? 3 : 4;
}
