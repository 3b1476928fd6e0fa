package microroute

import "errors"

// Session is what a visitor's requests have in common: values that a handler puts there in one request and finds again
// in the next.
type Session interface {
	// Get returns the value called name, nil if there is none.
	Get(name string) any
	// Set keeps a value under a name.
	Set(name string, value any) error
	// Delete forgets a value.
	Delete(name string) error
}

// Sessions finds the Session that a request belongs to, or begins one. It is asked once per request, before the handler
// runs; what it has to store or to set as a cookie it does with Response.OnSend.
type Sessions interface {
	Session(c *Context) (Session, error)
}

// ErrNoSessions is what using a Session returns in an App without Config.Sessions.
var ErrNoSessions = errors.New("microroute: no sessions: set Config.Sessions")

// noSession is the Session of an App without sessions.
type noSession struct{}

func (noSession) Get(string) any        { return nil }
func (noSession) Set(string, any) error { return ErrNoSessions }
func (noSession) Delete(string) error   { return ErrNoSessions }
