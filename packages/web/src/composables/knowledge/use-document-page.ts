import type { BaseDocument, ChunkView, DocumentVersion, DocumentView } from '@parley/contracts';
import { computed, onScopeDispose, shallowRef } from 'vue';
import { isWorking } from './document-groups.ts';
import { followOne, readFacts, readText } from './read-document.ts';
import { toSegments } from './to-segments.ts';

/** A document's text with its passages, as it stands now or as it was in an older version. */
export function useDocumentPage(baseId: string, id: string) {
  const status = shallowRef<'loading' | 'ready' | 'error'>('loading');
  const error = shallowRef<unknown>(null);
  const view = shallowRef<DocumentView | null>(null);
  const chunks = shallowRef<ChunkView[]>([]);
  const versions = shallowRef<DocumentVersion[]>([]);
  /** Where it stands in its base; null when that could not be read. */
  const row = shallowRef<BaseDocument | null>(null);
  /** An older version that is looked at; null: the newest. */
  const shownVersion = shallowRef<string | null>(null);
  const isGone = shallowRef(false);
  const leaving = new AbortController();
  const place = { baseId, id, signal: leaving.signal };
  let turn = 0;
  const rereading = createRereading(() => void load());

  async function load(version: string | null = shownVersion.value): Promise<void> {
    turn += 1;
    const mine = turn;
    rereading.begin();
    try {
      const [text, parts] = await readText(id, version, place.signal);
      if (mine !== turn) return;
      [view.value, chunks.value, shownVersion.value, status.value] = [text, parts, version, 'ready'];
      const facts = await readFacts(place);
      if (mine === turn) takeFacts(facts);
    } catch (thrown) {
      if (!place.signal.aborted && mine === turn) [error.value, status.value] = [thrown, 'error'];
    }
  }

  function takeFacts(facts: Awaited<ReturnType<typeof readFacts>>): void {
    [row.value, versions.value] = [facts.row ?? row.value, facts.versions ?? versions.value];
    if (isBehind()) rereading.readAgainFor(row.value?.version_id ?? null);
  }

  /** The row is read after the text and told of apart from it: it may know a newer version than the one shown. */
  function isBehind(): boolean {
    if (view.value === null || row.value === null || shownVersion.value !== null) return false;
    return row.value.version_id !== view.value.version_id;
  }

  function onChange(next: BaseDocument): void {
    const before = row.value;
    row.value = next;
    const hasEnded = before !== null && isWorking(before) && !isWorking(next);
    if (hasEnded || before?.version_id !== next.version_id || isBehind()) rereading.readAgain();
  }

  const segments = computed(() => (view.value ? toSegments(view.value, chunks.value) : []));

  void load(null);
  // A base that may not be followed may not be read either; that is said in the place of the text.
  followOne(place, (change) => ('removed' in change ? (isGone.value = true) : onChange(change))).catch(() => undefined);
  onScopeDispose(() => leaving.abort());

  return { status, error, view, row, chunks, versions, shownVersion, segments, isGone, load, hold: rereading.hold };
}

/** When a text is read again. While a passage is edited it stays as it is; what changed meanwhile is read afterwards. */
function createRereading(load: () => void) {
  let isHeld = false;
  let isOld = false;
  let askedFor: string | null | undefined;

  function readAgain(): void {
    isOld = true;
    if (!isHeld) load();
  }

  return {
    readAgain,
    begin: () => void (isOld = false),
    /** Once for each version: a server that disagrees with itself would never be left alone. */
    readAgainFor(version: string | null): void {
      if (askedFor === version) return;
      askedFor = version;
      readAgain();
    },
    hold: (isEditing: boolean): void => {
      isHeld = isEditing;
      if (!isHeld && isOld) load();
    },
  };
}
