import { expect, it } from 'vitest';
import { listenersIn } from '../../src/port-holder.js';

const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:9344 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4711 1 0000000000000000 100 0 0 10 0
   1: 0100007F:9344 0100007F:D431 01 00000000:00000000 00:00000000 00000000  1000        0 4712 1 0000000000000000 20 4 30 10 -1
   2: 0100007F:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4713 1 0000000000000000 100 0 0 10 0
`;

it('finds the socket that listens on a port, and no connection to it', () => {
  expect(listenersIn(TABLE, 0x9344)).toEqual(['4711']);
  expect(listenersIn(TABLE, 80)).toEqual(['4713']);
  expect(listenersIn(TABLE, 81)).toEqual([]);
  expect(listenersIn('', 80)).toEqual([]);
});
