import { onBeforeUnmount, onMounted, ref } from 'vue';
import type { NamedFile } from '../../stores/uploads.ts';
import { readDroppedFiles } from './read-dropped-files.ts';

const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;

/** Takes files that are dropped anywhere on the page; `isOver` while some are held over it. */
export function useFileDrop(onFiles: (files: NamedFile[]) => void) {
  const isOver = ref(false);
  // The pointer enters a child before it leaves the parent: only the balance tells.
  let depth = 0;

  const listeners = {
    dragenter(event: DragEvent) {
      if (!hasFiles(event)) return;
      depth += 1;
      isOver.value = true;
    },
    dragleave(event: DragEvent) {
      if (!hasFiles(event)) return;
      depth = Math.max(0, depth - 1);
      isOver.value = depth > 0;
    },
    // Without it the browser opens the file in place of the page.
    dragover(event: DragEvent) {
      if (hasFiles(event)) event.preventDefault();
    },
    drop(event: DragEvent) {
      if (!hasFiles(event) || event.dataTransfer === null) return;
      event.preventDefault();
      depth = 0;
      isOver.value = false;
      void readDroppedFiles(event.dataTransfer).then((files) => files.length > 0 && onFiles(files));
    },
  };
  const each = (how: 'addEventListener' | 'removeEventListener') => {
    for (const [name, listener] of Object.entries(listeners)) globalThis[how](name, listener as EventListener);
  };
  onMounted(() => each('addEventListener'));
  onBeforeUnmount(() => each('removeEventListener'));

  return { isOver };
}
