import { createPinia } from 'pinia';
import { createApp } from 'vue';
import App from './app.vue';
import { createTranslator } from './locales/create-i18n.ts';
import { createPageRouter } from './router.ts';
import { usePreferences } from './stores/preferences.ts';
import './styles/index.css';

const app = createApp(App);
app.use(createPinia());
app.use(createTranslator(usePreferences().locale));
app.use(createPageRouter());
app.mount('#app');
