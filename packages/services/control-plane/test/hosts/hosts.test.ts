// One file, so that each host is loaded once.
import './boot.ts';
import './host-store.ts';
import './http.ts';
