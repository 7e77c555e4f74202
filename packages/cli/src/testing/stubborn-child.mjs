// A fake child for tests: says at once that it has started, and ends only by force.
process.on('message', ({ type }) => {
  if (type === 'start') process.send({ type: 'started', address: 'http://127.0.0.1:1' });
});
process.on('SIGTERM', () => {});
