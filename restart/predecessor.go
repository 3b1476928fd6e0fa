package restart

import (
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"

	"github.com/microroute/microroute/listener"
)

// inheritance is the variable by which a successor knows that it is one. It has the names of the listeners, escaped as
// in a query, each with a colon behind it.
const inheritance = "MICROROUTE_INHERITANCE"

// The descriptors that are inherited follow those of standard input, output and error.
const (
	pipeDescriptor     = 3
	listenerDescriptor = 4 // the first of them
)

// predecessor is the process that has started this one. A pipe leads to it, for messages that end with a zero octet:
// serving, or what has gone wrong. The methods of nil do nothing.
type predecessor struct{ pipe *os.File }

// serving is the message that the successor serves.
const serving = "serving"

// maxComplaint is how many octets of an error are told; the pipe always takes that many.
const maxComplaint = 4000

// complain says what has gone wrong, for the predecessor's log.
func (p *predecessor) complain(err error) {
	text := err.Error()
	p.say(text[:min(len(text), maxComplaint)])
}

func (p *predecessor) say(message string) error {
	if p == nil {
		return nil
	}
	_, err := p.pipe.WriteString(message + "\x00")
	return err
}

// inherit takes what a predecessor has left for this process. Programs that it starts inherit nothing of it.
func (p *Process) inherit() error {
	will, left := os.LookupEnv(inheritance)
	if !left {
		return nil
	}
	os.Unsetenv(inheritance)
	if err := checkPipe(pipeDescriptor); err != nil {
		const text = "restart: %s is set, but not by a predecessor: descriptor %d: %w"
		return fmt.Errorf(text, inheritance, pipeDescriptor, err)
	}
	p.predecessor = &predecessor{os.NewFile(pipeDescriptor, "pipe to the predecessor")}
	p.inherited = map[string]net.Listener{}
	fd := uintptr(listenerDescriptor)
	for name := range strings.SplitSeq(will, ":") {
		if name == "" { // behind the last colon
			break
		}
		name, err := url.QueryUnescape(name)
		if err != nil {
			return fmt.Errorf("restart: %s=%s: %w", inheritance, will, err)
		}
		if p.inherited[name], err = listener.FD(fd, name); err != nil {
			p.predecessor.complain(err)
			return err
		}
		fd++
	}
	return nil
}

// bequeath returns the value of the variable for a successor that inherits the listeners in this order.
func bequeath(listeners []namedListener) string {
	var will strings.Builder
	for _, l := range listeners {
		will.WriteString(url.QueryEscape(l.name) + ":")
	}
	return will.String()
}
