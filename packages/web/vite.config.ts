import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

/** Where a server answers while the page is being worked on; the built page is served by it. */
const SERVER = 'http://127.0.0.1:8000';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [vue()],
  define: {
    // Written out so that the unused halves of vue-i18n and the devtools hooks leave the bundle.
    __VUE_OPTIONS_API__: 'false',
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_I18N_LEGACY_API__: 'false',
    __VUE_I18N_FULL_INSTALL__: 'false',
    __INTLIFY_PROD_DEVTOOLS__: 'false',
  },
  build: {
    target: 'es2023',
    // Inlined assets would be data: URLs, which the page's Content-Security-Policy need not allow.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { host: '127.0.0.1', proxy: { '/api': SERVER } },
});
