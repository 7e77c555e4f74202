/** What an input method sends for every key that it takes for itself; the key event's own name for it is gone. */
const TAKEN_BY_INPUT_METHOD = 229;

/**
 * Whether a key press sends the message: Enter without Shift, but never the Enter that picks a
 * word from an input method (some browsers end the composition before the event, and only the key
 * code tells), and never on a touch screen, where Enter is the only way to a new line.
 */
export function isSendKey(event: KeyboardEvent, isTouchOnly: boolean): boolean {
  if (event.key !== 'Enter' || event.shiftKey || event.altKey) return false;
  if (event.isComposing || event.keyCode === TAKEN_BY_INPUT_METHOD) return false;
  return !isTouchOnly || event.ctrlKey || event.metaKey;
}
