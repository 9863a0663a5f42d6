// Theme of this browser: as the system, light or dark. public/theme.js does the same before paint.
export type Theme = 'system' | 'light' | 'dark';

const dark = matchMedia('(prefers-color-scheme: dark)');

export function theme(): Theme {
  const saved = localStorage.getItem('okno.theme');
  return saved === 'light' || saved === 'dark' ? saved : 'system';
}

function apply(): void {
  const chosen = theme();
  const isDark = chosen === 'dark' || (chosen === 'system' && dark.matches);
  document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
}

export function chooseTheme(next: Theme): void {
  if (next === 'system') localStorage.removeItem('okno.theme');
  else localStorage.setItem('okno.theme', next);
  apply();
}

dark.addEventListener('change', apply);
