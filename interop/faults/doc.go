// Package faults has no code of its own: its tests put a bad network between clients and a server, with the proxies of
// toxiproxy. On it octets come late, slowly, one by one, too few, or not at all. Whatever happens, an answer is right or
// visibly broken; it is never wrong.
//
// What goes wrong without a network in between is in internal/faults.
package faults
