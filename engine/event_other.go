//go:build !linux

package engine

import "net"

// eventEngine is the loops of a server where there are some.
type eventEngine struct{}

func (*eventEngine) end() {}

// acceptEvent reports that there is no event engine for this platform.
func (s *Server) acceptEvent(net.Listener, bool) (served bool, err error) { return false, nil }
