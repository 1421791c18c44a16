import { defineConfig } from 'vite';

export default defineConfig({
  // Served from any folder of any server.
  base: './',
  build: {
    target: 'es2022',
    // Inlined as data: they would be refused by the page's own policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    license: { fileName: 'licenses.md' },
  },
});
