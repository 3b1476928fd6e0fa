package restart_test

import (
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/restart"
)

func TestInherit(t *testing.T) {
	p := newProcess(t)
	tea := errors.New("no tea")
	local := func() (net.Listener, error) { return net.Listen("tcp", "127.0.0.1:0") }
	for _, tt := range []struct {
		name   string
		listen func() (net.Listener, error)
		want   string
	}{
		{"first", local, ""},
		{"second", local, ""},
		{"first", local, `restart: listener "first" is asked for twice`},
		{"third", func() (net.Listener, error) { return nil, tea }, tea.Error()},
		{"third", local, ""}, // a name that has not been taken
		{"bare", func() (net.Listener, error) {
			l, err := local()
			return bareListener{l}, err
		}, `restart: listener "bare" is a restart_test.bareListener, which has no descriptor to be inherited`},
	} {
		l, err := p.Inherit(tt.name, tt.listen)
		if got := errorText(err); got != tt.want {
			t.Errorf("%s: got error %q, want %q", tt.name, got, tt.want)
		}
		if err == nil {
			l.Close()
		}
	}
}

// bareListener hides all but the methods of net.Listener.
type bareListener struct{ net.Listener }

func TestListenFails(t *testing.T) {
	p := newProcess(t)
	for _, tt := range []struct{ network, address, want string }{
		{"udp", ":0", "listen udp: unknown network udp"},
		{"tcp", "localhost", "listen tcp: address localhost: missing port in address"},
		{"unix", "", "listen unix : no path"},
	} {
		if _, err := p.Listen(tt.network, tt.address); errorText(err) != tt.want {
			t.Errorf("%s %q: got error %v, want %q", tt.network, tt.address, err, tt.want)
		}
	}
}

// When one of several servers fails, all end.
func TestServerFails(t *testing.T) {
	p := newProcess(t)
	var servers []*microroute.Server
	var listeners []net.Listener
	for _, network := range []string{"tcp", "tcp4"} {
		l, err := p.Listen(network, "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		app := microroute.New(microroute.Config{Engine: microroute.EnginePortable, Logger: slog.New(slog.DiscardHandler)})
		s, err := app.StartOn(l)
		if err != nil {
			t.Fatal(err)
		}
		servers, listeners = append(servers, s), append(listeners, l)
	}
	if err := p.Restart(); !errors.Is(err, restart.ErrNotServing) {
		t.Errorf("before Run: got %v, want ErrNotServing", err)
	}
	ended := make(chan error)
	go func() { ended <- p.RunServers(servers...) }()
	listeners[0].Close()
	if err := <-ended; !errors.Is(err, net.ErrClosed) {
		t.Errorf("RunServers returned %v, want the error of the listener", err)
	}
	if err := servers[1].Wait(); err != nil {
		t.Errorf("the other server ended with %v", err)
	}
	if err := p.Restart(); !errors.Is(err, restart.ErrNotServing) {
		t.Errorf("after Run: got %v, want ErrNotServing", err)
	}
}

// A process whose PID file cannot be written does not serve.
func TestPIDFileFails(t *testing.T) {
	p, err := restart.New(restart.Config{PIDFile: filepath.Join(t.TempDir(), "missing", "pid")})
	if err != nil {
		t.Fatal(err)
	}
	l, err := p.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	app := microroute.New(microroute.Config{Logger: slog.New(slog.DiscardHandler), LameDuck: time.Hour})
	if err := p.Run(app, l); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Run returned %v, want that the folder is missing", err)
	}
	if _, err := l.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("Accept returned %v, want a closed listener", err)
	}
}

// A variable alone makes no successor.
func TestNewWithoutPredecessor(t *testing.T) {
	t.Setenv("MICROROUTE_INHERITANCE", "")
	_, err := restart.New()
	const want = "restart: MICROROUTE_INHERITANCE is set, but not by a predecessor: descriptor 3: "
	if got := errorText(err); !strings.HasPrefix(got, want) {
		t.Errorf("got error %q, want it to begin with %q", got, want)
	}
	newProcess(t) // the variable is gone
}

func newProcess(t *testing.T) *restart.Process {
	t.Helper()
	p, err := restart.New(restart.Config{Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
