import { onBeforeUnmount, onMounted } from 'vue';

export interface ShortcutActions {
  newChat(): void;
  toggleSidebar(): void;
  focusComposer(): void;
  stop(): void;
  copyLastAnswer(): void;
  showHelp(): void;
}

/** The keys that work anywhere on the page. */
export function useShortcuts(actions: ShortcutActions): void {
  const onKeydown = (event: KeyboardEvent) => {
    const action = toAction(event);
    if (action === null) return;
    if (action !== 'stop') event.preventDefault();
    actions[action]();
  };
  // In the capture phase: a menu or dialog that Escape closes must still be open when we look for one.
  onMounted(() => addEventListener('keydown', onKeydown, true));
  onBeforeUnmount(() => removeEventListener('keydown', onKeydown, true));
}

/** With Ctrl or Command; `!` stands for Shift. On layouts where the slash needs Shift, the key is still `/`. */
const chords: Record<string, keyof ShortcutActions> = {
  '!o': 'newChat',
  '!c': 'copyLastAnswer',
  b: 'toggleSidebar',
  '/': 'showHelp',
  '!/': 'showHelp',
};

/** What a key asks for; null when it is not ours. */
export function toAction(event: KeyboardEvent): keyof ShortcutActions | null {
  if (event.isComposing) return null;
  if (event.key === 'Escape') return toEscapeAction(event);
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return null;
  return chords[`${event.shiftKey ? '!' : ''}${event.key.toLowerCase()}`] ?? null;
}

function toEscapeAction(event: KeyboardEvent): keyof ShortcutActions | null {
  if (event.shiftKey) return 'focusComposer';
  const isSomethingOpen = document.querySelector('[data-dismissable-layer], [data-escape]') !== null;
  return isSomethingOpen ? null : 'stop';
}
