package httpcases

import (
	"io"
	"sync"
	"time"
)

// inbox collects what the server sends, also while the client is busy writing: a server may answer and close before
// it has read everything.
type inbox struct {
	arrived chan struct{} // holds a token when something has changed since the last look

	mu    sync.Mutex
	data  []byte
	first time.Time // when the first octet came
	err   error     // why no more will come: io.EOF, or what broke the connection
}

func newInbox() *inbox { return &inbox{arrived: make(chan struct{}, 1)} }

// fill reads until the connection ends.
func (b *inbox) fill(from io.Reader) {
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		b.add(buffer[:n], err)
		select {
		case b.arrived <- struct{}{}:
		default:
		}
		if err != nil {
			return
		}
	}
}

func (b *inbox) add(data []byte, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.data) == 0 && len(data) > 0 {
		b.first = time.Now()
	}
	b.data = append(b.data, data...)
	b.err = err
}

// look returns all that has come so far, and why no more will. The bytes are not written to again.
func (b *inbox) look() (data []byte, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.data, b.err
}

// firstAfter returns how long after began the first octet came, and false if none has.
func (b *inbox) firstAfter(began time.Time) (time.Duration, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.first.Sub(began), !b.first.IsZero()
}
