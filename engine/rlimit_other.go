//go:build !unix

package engine

// maxConnections is a bound for memory's sake where descriptors have no limit that can be asked for.
func maxConnections() int { return 1 << 16 }
