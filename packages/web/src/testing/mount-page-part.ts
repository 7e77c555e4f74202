import { mount, type VueWrapper } from '@vue/test-utils';
import { createPinia } from 'pinia';
import type { Component } from 'vue';
import type { Router } from 'vue-router';
import { createTranslator, type LocaleName } from '../locales/create-i18n.ts';

export interface MountOptions {
  props?: Record<string, unknown>;
  provide?: Record<symbol, unknown>;
  locale?: LocaleName;
  /** For parts with links in them. */
  router?: Router;
}

/** Mounts a component as the page does: with its stores and its texts, in the document. */
export function mountPagePart(component: Component, options: MountOptions = {}): VueWrapper {
  return mount(component, {
    props: options.props ?? {},
    attachTo: document.body,
    global: {
      plugins: [createPinia(), createTranslator(options.locale ?? 'en'), ...(options.router ? [options.router] : [])],
      provide: options.provide ?? {},
    },
  });
}
