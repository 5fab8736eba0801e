// Buttons that copy the text of another element. Where the browser does not allow it the text is selected instead.
for (const button of document.querySelectorAll('[data-copy]')) {
  const source = document.getElementById(button.dataset.copy);
  const told = button.parentElement.querySelector('[data-copied]');
  button.hidden = false;
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(source.textContent);
      told.textContent = 'Copied.';
    } catch {
      getSelection().selectAllChildren(source);
      told.textContent = 'Selected: copy it with your keyboard.';
    }
  });
}
