package acme

import "time"

// CheckEvery returns c with a time between two looks at what is to be renewed.
func (c Config) CheckEvery(d time.Duration) Config {
	c.renewCheck = d
	return c
}
