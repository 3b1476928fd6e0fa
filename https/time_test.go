package https_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/microroute/microroute/engine"
	"github.com/microroute/microroute/https"
)

// The tests of this file run in a bubble with a clock of its own, so they make handshakes without a network.

// pipes is a listener whose connections are made by dial.
type pipes struct {
	accepting chan net.Conn
}

func newPipes() *pipes { return &pipes{make(chan net.Conn, 1)} }

func (p *pipes) Accept() (net.Conn, error) { return <-p.accepting, nil }
func (p *pipes) Close() error              { return nil }
func (p *pipes) Addr() net.Addr            { return &net.UnixAddr{} }

func (p *pipes) dial() net.Conn {
	client, server := net.Pipe()
	p.accepting <- half{server}
	return client
}

// half is a connection that could be closed for writing.
type half struct{ net.Conn }

func (half) CloseWrite() error { return nil }

// bubble is a listener in a bubble.
type bubble struct {
	pipes *pipes
	l     *https.Listener
	log   journal
}

func newBubble(t *testing.T, config https.Config) *bubble {
	t.Helper()
	b := &bubble{pipes: newPipes()}
	config.Logger = b.log.logger()
	var err error
	if b.l, err = https.NewListener(b.pipes, config); err != nil {
		t.Fatal(err)
	}
	return b
}

// shown makes a handshake and returns the certificate that the client has got.
func (b *bubble) shown(t *testing.T) *x509.Certificate {
	t.Helper()
	client := tls.Client(b.pipes.dial(), &tls.Config{ServerName: "tea.test", InsecureSkipVerify: true})
	server, err := b.l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	negotiated := make(chan error)
	go func() {
		_, err := server.(engine.Negotiator).Negotiate(context.Background())
		negotiated <- err
	}()
	if err := errors.Join(client.Handshake(), <-negotiated); err != nil {
		t.Fatal(err)
	}
	client.NetConn().Close()
	server.(interface{ NetConn() net.Conn }).NetConn().Close()
	return client.ConnectionState().PeerCertificates[0]
}

// A client that sends plain HTTP may go on sending for a moment, so that it gets around to reading the answer.
func TestPlainHTTPIsReadOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBubble(t, given(test.issue(t, nil, "tea.test")))
		client := b.pipes.dial()
		server, err := b.l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		sent := make(chan error)
		go func() {
			_, err := io.WriteString(client, "POST / HTTP/1.1\r\nHost: tea.test\r\n\r\n"+strings.Repeat("x", 20000))
			sent <- err
		}()
		go io.Copy(io.Discard, client)
		began := time.Now()
		if _, err := server.(engine.Negotiator).Negotiate(context.Background()); err == nil {
			t.Error("no error")
		}
		server.Close()
		if err := <-sent; err != nil {
			t.Errorf("sending: %v", err)
		}
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("the server has waited for %v", took)
		}
	})
}

// setTime sets when files were changed last.
func setTime(t *testing.T, at https.Pair, changed time.Time) {
	t.Helper()
	if err := errors.Join(os.Chtimes(at.CertFile, changed, changed), os.Chtimes(at.KeyFile, changed, changed)); err != nil {
		t.Fatal(err)
	}
}

// While the files are no certificate, the old one stays, and that is logged once.
func TestHalfWritten(t *testing.T) {
	for name, spoil := range map[string]func(t *testing.T, at https.Pair, text, key []byte){
		"half a certificate": func(t *testing.T, at https.Pair, text, _ []byte) { writeFile(t, at.CertFile, text[:len(text)/2]) },
		"empty key":          func(t *testing.T, at https.Pair, _, _ []byte) { writeFile(t, at.KeyFile, nil) },
		"another key":        func(t *testing.T, at https.Pair, _, key []byte) { writeFile(t, at.KeyFile, key) },
		"no file": func(t *testing.T, at https.Pair, _, _ []byte) {
			if err := os.Remove(at.CertFile); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				old, fresh := test.issue(t, nil, "tea.test"), test.issue(t, nil, "tea.test")
				at := write(t, dir, old)
				setTime(t, at, time.Now().Add(-time.Hour))
				b := newBubble(t, https.Config{CertFile: at.CertFile, KeyFile: at.KeyFile})
				text, key := texts(t, fresh)
				spoil(t, at, text, key)
				for range 5 {
					time.Sleep(time.Second)
					if !b.shown(t).Equal(old.Leaf) {
						t.Fatal("got another certificate, want the old one to stay")
					}
				}
				if n := b.log.count("certificate not read anew"); n != 1 {
					t.Errorf("the log speaks %d times of it, want once: %s", n, &b.log.text)
				}
				writeFile(t, at.CertFile, text)
				writeFile(t, at.KeyFile, key)
				time.Sleep(time.Second)
				if !b.shown(t).Equal(fresh.Leaf) {
					t.Error("got the old certificate, want the new one")
				}
				if n := b.log.count("certificate changed"); n != 1 {
					t.Errorf("the log speaks %d times of the change, want once: %s", n, &b.log.text)
				}
			})
		})
	}
}

// Files are looked at once a second at most, and read only if they look different.
func TestLooks(t *testing.T) {
	for _, tt := range []struct {
		name     string
		age      time.Duration // of the files when they are read
		change   time.Duration // of the time that they have then
		others   bool          // other files take their place
		wait     time.Duration
		wantsOld bool
	}{
		{"too soon", time.Hour, time.Minute, false, 900 * time.Millisecond, true},
		{"changed", time.Hour, time.Minute, false, time.Second, false},
		{"same time, but long ago", time.Hour, 0, false, time.Second, true},
		{"same time, just now", time.Second, 0, false, time.Second, false},
		{"same time, other files", time.Hour, 0, true, time.Second, false},
		{"older", time.Hour, -time.Minute, false, time.Second, false}, // a backup
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				old, fresh := twins(t)
				at := write(t, dir, old)
				made := time.Now().Add(-tt.age)
				setTime(t, at, made)
				b := newBubble(t, https.Config{CertFile: at.CertFile, KeyFile: at.KeyFile})
				if tt.others {
					if err := errors.Join(os.Rename(at.CertFile, at.CertFile+".old"), os.Rename(at.KeyFile, at.KeyFile+".old")); err != nil {
						t.Fatal(err)
					}
				}
				write(t, dir, fresh)
				setTime(t, at, made.Add(tt.change))
				time.Sleep(tt.wait)
				if got := b.shown(t).Equal(old.Leaf); got != tt.wantsOld {
					t.Errorf("got the old certificate: %t, want %t", got, tt.wantsOld)
				}
			})
		})
	}
}

// Files that are written anew as they were are no change.
func TestSameAgain(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		same := test.issue(t, nil, "tea.test")
		at := write(t, dir, same)
		b := newBubble(t, https.Config{CertFile: at.CertFile, KeyFile: at.KeyFile})
		for range 3 {
			write(t, dir, same)
			time.Sleep(time.Second)
			b.shown(t)
		}
		if n := b.log.count("certificate changed"); n != 0 {
			t.Errorf("the log speaks %d times of a change: %s", n, &b.log.text)
		}
	})
}

// twins returns two certificates whose files have the same size.
func twins(t *testing.T) (one, other tls.Certificate) {
	t.Helper()
	one = test.issue(t, nil, "tea.test")
	for {
		other = test.issue(t, nil, "tea.test")
		if len(other.Certificate[0]) == len(one.Certificate[0]) {
			return one, other
		}
	}
}

// A certificate that expires while it is served is warned of, once.
func TestExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBubble(t, given(test.issue(t, nil, "tea.test")))
		warnings := func() int { return b.log.count("certificate is not valid now") }
		if b.shown(t); warnings() != 0 {
			t.Errorf("a valid certificate is warned of: %s", &b.log.text)
		}
		for range 3 {
			time.Sleep(2 * time.Hour)
			b.shown(t)
		}
		if n := warnings(); n != 1 {
			t.Errorf("the log warns %d times, want once: %s", n, &b.log.text)
		}
	})
}

// A self-signed certificate has a successor before it expires.
func TestSelfSignedGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBubble(t, https.Config{SelfSigned: true})
		first := b.shown(t)
		time.Sleep(time.Until(first.NotAfter) - 25*time.Hour)
		if !b.shown(t).Equal(first) {
			t.Error("a new certificate a day too soon")
		}
		time.Sleep(2 * time.Hour)
		next := b.shown(t)
		if next.Equal(first) || !next.NotAfter.After(first.NotAfter) {
			t.Errorf("a day before the end: valid until %v, want it to be later than %v", next.NotAfter, first.NotAfter)
		}
	})
}
