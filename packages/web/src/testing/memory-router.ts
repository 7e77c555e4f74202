import { createMemoryHistory, createRouter, type Router } from 'vue-router';

const nothing = { render: () => null };

/** The addresses of the pages, without the pages. */
export function memoryRouter(): Router {
  return createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: '/knowledge', name: 'knowledge', component: nothing },
      { path: '/knowledge/new', name: 'new-knowledge-base', component: nothing },
      { path: '/knowledge/:id/:tab?', name: 'knowledge-base', component: nothing },
      { path: '/knowledge/:id/documents/:documentId', name: 'knowledge-document', component: nothing },
      { path: '/models/:tab?', name: 'models', component: nothing },
      { path: '/c/:id', name: 'conversation', component: nothing },
      { path: '/:rest(.*)*', name: 'new-chat', component: nothing },
    ],
  });
}
