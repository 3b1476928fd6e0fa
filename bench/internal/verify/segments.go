//go:build linux

package verify

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"

	"github.com/microroute/microroute/bench/internal/site"
)

// segments returns in how many TCP segments, on average of n, the answer to x comes. A small write on a connection
// without Nagle's algorithm is a segment, so this counts the writes of a server whatever system call it writes with.
func (c *client) segments(x site.Exchange, n int) (float64, error) {
	before, err := c.segmentsIn()
	if err != nil {
		return 0, err
	}
	for range n {
		if difference, err := c.exchange(x); difference != nil || err != nil {
			return 0, fmt.Errorf("%s %s again: %w", x.Method, x.Path, errors.Join(difference, err))
		}
	}
	after, err := c.segmentsIn()
	return float64(after-before) / float64(n), err
}

// singly returns an error unless in one of many answers to x every piece comes by itself. On a machine that is busy with
// something else, a few may come together in most.
func (c *client) singly(x site.Exchange) error {
	most := 0.0
	for range 50 {
		n, err := c.segments(x, 1)
		if err != nil {
			return err
		}
		if most = max(most, n); most >= float64(len(site.Pieces)) {
			return nil
		}
	}
	return fmt.Errorf("got %v segments, want one for each piece", most)
}

// segmentsIn returns how many segments with content have come, tcpi_data_segs_in of tcp(7).
func (c *client) segmentsIn() (n uint32, err error) {
	raw, err := c.conn.SyscallConn()
	if err != nil {
		return 0, err
	}
	var failed error
	err = raw.Control(func(fd uintptr) {
		var info *unix.TCPInfo
		if info, failed = unix.GetsockoptTCPInfo(int(fd), unix.IPPROTO_TCP, unix.TCP_INFO); failed == nil {
			n = info.Data_segs_in
		}
	})
	return n, errors.Join(err, failed)
}
