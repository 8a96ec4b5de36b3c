for (const range of document.querySelectorAll('input[type=range]')) {
  const show = () => range.parentElement.style.setProperty('--at', range.value + '%');
  range.addEventListener('input', show);
  show();
}
addEventListener('beforeprint', () => {
  for (const image of document.images) image.loading = 'eager';
});
