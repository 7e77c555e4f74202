// Runs before the first paint, so that a dark page never flashes white. A file of its own, because
// the page's Content-Security-Policy allows no inline script. Keys: src/stores/preferences.ts.
(function () {
  var root = document.documentElement;
  var theme = null;
  var locale = null;
  try {
    theme = localStorage.getItem('parley.theme');
    locale = localStorage.getItem('parley.locale');
  } catch {
    // Storage may be forbidden; the defaults below still hold.
  }
  var isDark = theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  root.dataset.theme = isDark ? 'dark' : 'light';
  root.lang = (locale || navigator.language || 'en').toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
})();
