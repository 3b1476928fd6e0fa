package faults_test

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/microroute/microroute"
)

// System calls that are interrupted are repeated, and no more than that: not an octet is lost or comes twice, and the
// server takes little more than twice as many calls as without.
func TestInterruptedCalls(t *testing.T) {
	const calls = "read,write,writev,sendfile,recvfrom"
	apart(t, func(t *testing.T, engine microroute.Engine) {
		dir, content := fileOf(t, 256<<10)
		limits := microroute.Limits{HeadTimeout: time.Second, BodyTimeout: time.Second} // some never send all
		server := startChild(t, settings{Engine: engine, Limits: limits, Dir: dir})
		load := func(fault string) (made int) {
			tr := startTrace(t, server, calls, fault)
			var all sync.WaitGroup
			for id := range int64(4) {
				all.Go(func() {
					if err := visitCalmly(server.address, id, content); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			tr.stop()
			if fault != "" && tr.failed() < tr.made()/4 {
				t.Errorf("only %d of %d calls were interrupted", tr.failed(), tr.made())
			}
			return tr.made()
		}
		usual := load("")
		if made := load("error=EINTR:when=1+2"); made > 3*usual {
			t.Errorf("%d calls, of which every second is interrupted, for what %d calls are enough for", made, usual)
		}
		wantServed(t, server.address)
		server.wantNothingLeft()
	})
}

// visitCalmly has visits, of which none leaves early, and fetches the file between them.
func visitCalmly(address string, id int64, content []byte) error {
	for i := range int64(many(10, 200)) {
		v := newVisit(rand.New(rand.NewPCG(uint64(id), uint64(i))), id<<32|i)
		v.stays = true
		if err := v.pay(address); err != nil {
			return err
		}
		if got, err := fetchFile(address); err != nil || got != string(content) {
			return fmt.Errorf("the file: %d octets, %w, want the %d that it has", len(got), err, len(content))
		}
	}
	return nil
}

// Sockets that pretend to be full make answers late, or break them off where patience ends. None is wrong.
func TestCallsWithoutProgress(t *testing.T) {
	testFileFaults(t, "sendfile,writev", "error=EAGAIN:when=2+3", false)
}

// A disk that cannot be read gives a broken answer, never a wrong one.
func TestUnreadableFile(t *testing.T) {
	testFileFaults(t, "sendfile", "error=EIO:when=2+", true)
}

// testFileFaults fetches a file while the calls fail, which breaks some answers, or may do so.
func testFileFaults(t *testing.T, calls, fault string, breaks bool) {
	apart(t, func(t *testing.T, engine microroute.Engine) {
		dir, content := fileOf(t, 8<<20)
		limits := microroute.Limits{WriteTimeout: 200 * time.Millisecond}
		server := startChild(t, settings{Engine: engine, Dir: dir, Limits: limits})
		tr := startTrace(t, server, calls, fault)
		broken := 0
		for range many(3, 50) {
			got, err := fetchFile(server.address)
			switch {
			case !strings.HasPrefix(string(content), got):
				t.Fatalf("the file has become another: %d octets, %v", len(got), err)
			case err == nil && len(got) < len(content), errors.Is(err, os.ErrDeadlineExceeded):
				t.Fatalf("%d octets of the file's %d, %v, want all of them or the end of the connection", len(got), len(content), err)
			case err != nil:
				broken++
			}
		}
		if tr.failed() == 0 || breaks && broken == 0 {
			t.Errorf("%d calls have failed, %d answers broken", tr.failed(), broken)
		}
		tr.stop()
		if got, err := fetchFile(server.address); err != nil || got != string(content) {
			t.Errorf("when all is well again: %d octets of the file, %v, want %d", len(got), err, len(content))
		}
		server.wantNothingLeft()
	})
}

// A file that cannot be opened is not a file that is not there.
func TestUnopenableFile(t *testing.T) {
	apart(t, func(t *testing.T, engine microroute.Engine) {
		dir, _ := fileOf(t, 256<<10) // too long to be kept in memory
		server := startChild(t, settings{Engine: engine, Dir: dir})
		for _, fault := range []string{"EIO", "EMFILE", "ENFILE"} {
			tr := startTrace(t, server, "openat", "error="+fault)
			c := dial(t, server.address)
			for range 2 {
				c.send(get("/file/content"))
				c.wantStatus(500)
			}
			tr.stop()
			c.send(get("/file/content"))
			c.wantStatus(200)
			c.Close()
		}
		server.wantNothingLeft()
	})
}

// A call that says there is nothing to read, although there is, delays its connection until more comes. Nothing else happens.
func TestReadsWithoutProgress(t *testing.T) {
	apart(t, func(t *testing.T, engine microroute.Engine) {
		limits := microroute.Limits{IdleTimeout: time.Duration(many(5, 30)) * time.Second} // for those whose end is overlooked
		server := startChild(t, settings{Engine: engine, Limits: limits})
		tr := startTrace(t, server, "read", "error=EAGAIN:when=1+8")
		var all sync.WaitGroup
		for id := range 8 {
			all.Go(func() {
				if err := askUrgently(server.address, id); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if tr.failed() == 0 {
			t.Error("no call has failed")
		}
		tr.stop()
		wantServed(t, server.address)
		server.wantNothingLeft()
	})
}

// askUrgently sends requests, and empty lines until the answer comes. Those are ignored before a request (RFC 9112
// section 2.2), so they change nothing but that there is something to read again.
func askUrgently(address string, id int) error {
	c, err := connect(address)
	if err != nil {
		return err
	}
	defer c.Close()
	for i := range many(10, 200) {
		nonce := fmt.Sprintf("urgent-%d-%d", id, i)
		if _, err := io.WriteString(c, get("/text/"+nonce)); err != nil {
			return err
		}
		done := make(chan struct{})
		var urging sync.WaitGroup
		urging.Go(func() { c.urge(done) })
		r, got, err := c.read()
		close(done)
		urging.Wait()
		if err != nil || got != nonce {
			return fmt.Errorf("answer %s %.100q, %w, want %q", statusOf(r), got, err, nonce)
		}
	}
	return nil
}

// urge sends empty lines, less and less often, until done is closed: as many as the server ignores before a request.
func (c *client) urge(done <-chan struct{}) {
	pause := 100 * time.Millisecond
	for range 4 {
		select {
		case <-done:
			return
		case <-time.After(pause):
		}
		if _, err := io.WriteString(c, "\r\n"); err != nil {
			return
		}
		pause *= 2
	}
}

// fetchFile fetches the file of fileOf; what has come of it is returned in any case.
func fetchFile(address string) (content string, err error) {
	c, err := connect(address)
	if err != nil {
		return "", err
	}
	defer c.Close()
	r, content, err := c.fetch(get("/file/content"))
	if err == nil && r.StatusCode != 200 {
		return "", errors.New(r.Status)
	}
	return content, err
}
