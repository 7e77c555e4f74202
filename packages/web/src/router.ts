import { createRouter, createWebHistory, type Router } from 'vue-router';
import { useSession } from './stores/session.ts';

/** The page's addresses. Whoever is not signed in is shown the sign-in page, and comes back from there. */
export function createPageRouter(): Router {
  const router = createRouter({
    history: createWebHistory(),
    routes: [
      { path: '/', name: 'new-chat', component: () => import('./pages/chat-page.vue') },
      { path: '/c/:id', name: 'conversation', component: () => import('./pages/chat-page.vue') },
      { path: '/knowledge', name: 'knowledge', component: () => import('./pages/knowledge-page.vue') },
      { path: '/knowledge/new', name: 'new-knowledge-base', component: () => import('./pages/new-base-page.vue') },
      {
        path: '/knowledge/:id/:tab(try|settings|sharing)?',
        name: 'knowledge-base',
        component: () => import('./pages/base-page.vue'),
      },
      {
        path: '/knowledge/:id/documents/:documentId',
        name: 'knowledge-document',
        component: () => import('./pages/document-page.vue'),
      },
      {
        path: '/models/:tab(connections|local)?',
        name: 'models',
        component: () => import('./pages/models-page.vue'),
        meta: { isForOwners: true },
      },
      { path: '/sign-in', name: 'sign-in', component: () => import('./pages/sign-in-page.vue') },
      { path: '/:rest(.*)*', redirect: { name: 'new-chat' } },
    ],
  });
  router.beforeEach(async (to) => {
    const session = useSession();
    const state = session.state ?? (await session.refresh());
    const isSignedIn = state.account !== null;
    if (to.meta['isForOwners'] && state.account?.role === 'member') return { name: 'new-chat' };
    if (to.name === 'sign-in') return isSignedIn ? { name: 'new-chat' } : true;
    return isSignedIn ? true : { name: 'sign-in', query: to.fullPath === '/' ? {} : { next: to.fullPath } };
  });
  return router;
}
