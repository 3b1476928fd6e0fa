package microroute

import (
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/microroute/microroute/engine"
)

// Config is how an App is set up. The zero Config is ready for use and safe on the open internet.
type Config struct {
	// Addr is where Run and Start listen if they are given no address: host:port, "unix:" and a path, or a path for Network
	// "unix". The host is an IP address, localhost, or nothing for all of the machine's addresses. Default ":8080".
	Addr string
	// Network is "tcp" (the default: IPv4 and IPv6), "tcp4", "tcp6" or "unix".
	Network string
	// Root is a directory whose files are served where no rule matches. "" serves none.
	Root string
	// Static is how the files of Root are served.
	Static StaticConfig
	// FileCache is how many octets of small files, up to 128 KiB each, are kept in memory. A change of a file is noticed at
	// once all the same. Default 4 MiB; a negative number keeps none.
	FileCache int64
	// Server is the value of the Server field that responses begin with. Default "microroute"; "-" for none.
	Server string
	// SingleThread runs one handler at a time, for programs whose handlers share data without locks.
	SingleThread bool
	// Manual has requests wait until the program calls Server.Step, which serves one at a time.
	Manual bool
	// Development is for writing a program: it logs every request, shows a failed handler's error in the answer, reports
	// changes to a response that come too late, and catches a Context that is used after its handler has returned.
	Development bool
	// Logger receives what the App has to say. Default: text on standard error from slog.LevelInfo on, in Development
	// from slog.LevelDebug on.
	Logger *slog.Logger
	// Renderer makes pages from templates for Response.Render; package views has one.
	Renderer Renderer
	// Sessions finds the Session of a request. Default: none, using one is an error.
	Sessions Sessions
	// Limits bounds what clients may cost.
	Limits Limits
	// LameDuck is for how long a Server that is to shut down goes on as before, while App.Ready says no, so that load
	// balancers can look elsewhere. Default none.
	LameDuck time.Duration
	// DrainTime is how long Run waits for requests that are under way when the program is asked to end. Default 10 s;
	// a negative time does not wait.
	DrainTime time.Duration
	// Engine chooses how connections are served.
	Engine Engine
}

// Limits bounds what clients may cost. Zero stands for the default, a negative value lifts the limit.
type Limits = engine.Limits

// Engine is a way to serve connections.
type Engine uint8

// The engines.
const (
	EngineAuto     Engine = iota // the best for the platform and the listener
	EnginePortable               // a goroutine for each connection, over any net.Listener
)

// LevelCrash is the level of log records about handlers that panicked. With the four of slog it makes the five levels
// crash, error, warn, info and debug.
const LevelCrash = slog.LevelError + 4

// Renderer makes a page from the template called name and writes it to w. Package views has one for html/template.
type Renderer interface {
	Render(w io.Writer, name string, data any) error
}

const (
	defaultAddr      = ":8080"
	defaultServer    = "microroute"
	defaultDrainTime = 10 * time.Second
	defaultFileCache = 4 << 20
)

func (c Config) withDefaults() Config {
	if c.Addr == "" {
		c.Addr = defaultAddr
	}
	if c.Network == "" {
		c.Network = "tcp"
	}
	switch c.Server {
	case "":
		c.Server = defaultServer
	case "-":
		c.Server = ""
	}
	if c.Logger == nil {
		c.Logger = newLogger(c.Development)
	}
	if c.FileCache == 0 {
		c.FileCache = defaultFileCache
	}
	if c.DrainTime == 0 {
		c.DrainTime = defaultDrainTime
	}
	c.Limits = c.Limits.WithDefaults()
	return c
}

func newLogger(development bool) *slog.Logger {
	options := &slog.HandlerOptions{ReplaceAttr: nameCrash}
	if development {
		options.Level = slog.LevelDebug
	}
	return slog.New(slog.NewTextHandler(os.Stderr, options))
}

// nameCrash writes LevelCrash as CRASH; slog would write ERROR+4.
func nameCrash(groups []string, a slog.Attr) slog.Attr {
	if level, ok := a.Value.Any().(slog.Level); ok && len(groups) == 0 && a.Key == slog.LevelKey && level == LevelCrash {
		a.Value = slog.StringValue("CRASH")
	}
	return a
}
