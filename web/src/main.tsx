import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { keepFocus } from './app/focus';
import { registerPages } from './app/offline';
import { loadLanguage, preferredLanguage } from './i18n/i18n';
import './styles/tokens.css';
import './styles/base.css';
import './styles/list.css';
import './styles/thread.css';
import './styles/composer.css';
import './styles/inbox.css';
import './styles/channels.css';

await loadLanguage(preferredLanguage());
const root = document.getElementById('root')!;
keepFocus(root);
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
if (import.meta.env.PROD) registerPages();
