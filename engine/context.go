package engine

import "context"

// Context returns a context that ends with the exchange, when the client closes its connection, when sending fails, or
// when the server is closed. Listening for the client begins when Context is first called, and when the request's content
// has been read. Behind a request that is already waiting for its turn nothing can be heard.
func (x *Exchange) Context() context.Context {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.context == nil {
		x.context, x.cancel = context.WithCancel(x.conn.server.context)
		if x.left.Load() == 0 {
			x.startWatching()
		}
	}
	return x.context
}

// contentRead is told that the request's content has been read to its end.
func (x *Exchange) contentRead() {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.context != nil {
		x.startWatching()
	}
}

// startWatching listens for the client to go; x.mu is held.
func (x *Exchange) startWatching() {
	if !x.watched && x.client == nil && x.conn.work.in.empty() {
		x.watched = true
		x.conn.net.watch(x.cancel)
	}
}

func (x *Exchange) stopWatching() {
	if x.watched {
		x.watched = false
		in := &x.conn.work.in
		in.added(copy(in.room(), x.conn.net.unwatch()))
	}
}
