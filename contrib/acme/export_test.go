package acme

import "time"

// CheckEvery returns c with a time between two looks at what is to be renewed.
func (c Config) CheckEvery(d time.Duration) Config {
	c.renewCheck = d
	return c
}

// WithoutARI returns c for an authority that does not say when to renew.
func (c Config) WithoutARI() Config {
	c.noARI = true
	return c
}
