package microroutetest_test

import (
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/microroutetest"
)

// The connection in memory keeps deadlines as that of a network does, those that are set while somebody waits, too.
func TestDeadlines(t *testing.T) {
	large := strings.Repeat("x", 1<<20)
	read := func(conn net.Conn) error {
		_, err := conn.Read(make([]byte, 1))
		return err
	}
	write := func(conn net.Conn) error {
		n, err := io.WriteString(conn, large)
		if n == 0 || n == len(large) {
			t.Errorf("%d octets were written, want as many as there is room for", n)
		}
		return err
	}
	for name, test := range map[string]struct {
		set func(net.Conn, time.Time) error
		use func(net.Conn) error
	}{
		"read":               {net.Conn.SetReadDeadline, read},
		"read, one for all":  {net.Conn.SetDeadline, read},
		"write":              {net.Conn.SetWriteDeadline, write},
		"write, one for all": {net.Conn.SetDeadline, write},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				app := microroute.New()
				app.Post("/", func(c *microroute.Context) { time.Sleep(time.Hour) })
				conn := microroutetest.New(t, app).Dial()
				io.WriteString(conn, "POST / HTTP/1.1\r\nHost: app.test\r\nContent-Length: 10000000\r\n\r\n")
				start := time.Now()
				test.set(conn, start.Add(time.Hour/2))
				time.AfterFunc(time.Second, func() { test.set(conn, start.Add(time.Minute)) })
				if err := test.use(conn); !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(start) != time.Minute {
					t.Errorf("got %v after %v, want the deadline after a minute", err, time.Since(start))
				}
				conn.SetDeadline(time.Time{})
				conn.Close()
				time.Sleep(time.Hour)
			})
		})
	}
}

// The engine's deadlines are kept, too: a client that sends no more of its head is answered with 408.
func TestDeadlinesOfTheApp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		app := microroute.New()
		app.Get("/", func(*microroute.Context) {})
		conn := microroutetest.New(t, app).Dial()
		start := time.Now()
		io.WriteString(conn, "GET / HT")
		answer, err := io.ReadAll(conn)
		if !strings.HasPrefix(string(answer), "HTTP/1.1 408 ") || err != nil || time.Since(start) == 0 {
			t.Errorf("got %q, %v after %v, want 408 after a while", answer, err, time.Since(start))
		}
	})
}
