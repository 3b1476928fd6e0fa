//go:build linux

package restart_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"log"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/https"
	"github.com/microroute/microroute/listener"
	"github.com/microroute/microroute/restart"
)

// programVariable makes the test binary the program that is restarted, with these settings.
const programVariable = "MICROROUTE_TEST_RESTART"

// settings are what all generations of a program have in common.
type settings struct {
	Network, Address  string
	Portable, TLS     bool
	Office            bool   // a second App
	PIDFile           string // always the same
	Timeout, LameDuck time.Duration
	Mode              os.FileMode // of the unix socket
}

// faultFile is what goes wrong in a program that is started now, if it exists in the working directory.
const faultFile = "fault"

// requestFile appears when a request is under way that waits for something.
const requestFile = "request"

// A program that is to be slow writes its number to startingFile and waits for goFile.
const (
	startingFile = "starting"
	goFile       = "go"
)

func runProgram(text string) {
	log.SetFlags(0)
	var with settings
	if err := json.Unmarshal([]byte(text), &with); err != nil {
		log.Fatal(err)
	}
	err := serve(with)
	fmt.Printf("%d: Run returned %v\n", os.Getpid(), err)
	if err != nil {
		log.Fatal(err)
	}
}

func serve(with settings) error {
	logger := slog.New(slog.NewTextHandler(os.Stderr, nil)).With("pid", os.Getpid())
	p, err := restart.New(restart.Config{PIDFile: with.PIDFile, Timeout: with.Timeout, Logger: logger})
	if err != nil {
		return err
	}
	l, err := listen(p, with)
	if err != nil {
		return err
	}
	if with.TLS {
		config := https.Config{CertFile: "cert.pem", KeyFile: "key.pem", SelfSigned: true}
		if l, err = https.NewListener(l, config); err != nil {
			return err
		}
	}
	app := newApp(p, with, logger)
	if err := goWrong(p, with, app); err != nil {
		return err
	}
	if fault, _ := readFault(); with.Office && fault != "alone" {
		return runWithOffice(p, app, l)
	}
	return p.Run(app, l)
}

// runWithOffice serves a second App beside the first.
func runWithOffice(p *restart.Process, app *microroute.App, l net.Listener) error {
	inside, err := p.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return err
	}
	office := microroute.New()
	office.Get("/", func(*microroute.Context) int { return os.Getpid() })
	public, err := app.StartOn(l)
	if err != nil {
		return err
	}
	private, err := office.StartOn(inside)
	if err != nil {
		return err
	}
	return p.RunServers(public, private)
}

func listen(p *restart.Process, with settings) (net.Listener, error) {
	if with.Mode != 0 {
		return p.Unix(with.Address, listener.UnixConfig{Mode: with.Mode})
	}
	return p.Listen(with.Network, with.Address)
}

// readFault returns what is to go wrong.
func readFault() (fault, argument string) {
	text, _ := os.ReadFile(faultFile)
	fault, argument, _ = strings.Cut(string(text), " ")
	return fault, argument
}

// goWrong has the program go wrong.
func goWrong(p *restart.Process, with settings, app *microroute.App) error {
	switch fault, argument := readFault(); fault {
	case "exit": // when it has gone as far as it could get
		os.WriteFile(with.PIDFile, fmt.Appendln(nil, os.Getpid()), 0o600)
		os.Exit(3)
	case "panic":
		panic("out of tea")
	case "hang":
		select {}
	case "deaf":
		signal.Ignore(syscall.SIGTERM)
		if err := os.WriteFile(startingFile, fmt.Append(nil, os.Getpid()), 0o600); err != nil {
			return err
		}
		select {}
	case "slow":
		if err := os.WriteFile(startingFile, fmt.Append(nil, os.Getpid()), 0o600); err != nil {
			return err
		}
		for {
			if _, err := os.Stat(goFile); err == nil {
				return nil
			}
			time.Sleep(time.Millisecond)
		}
	case "route":
		app.Get("/<int:n", func() {})
	case "port":
		_, err := p.Listen("tcp", argument)
		return err
	}
	return nil
}

// newApp returns an App whose answers tell who has made them.
func newApp(p *restart.Process, with settings, logger *slog.Logger) *microroute.App {
	engine := microroute.EngineAuto
	if with.Portable {
		engine = microroute.EnginePortable
	}
	app := microroute.New(microroute.Config{Engine: engine, Logger: logger, LameDuck: with.LameDuck, DrainTime: soon})
	app.Before(func(c *microroute.Context) error {
		c.Response.Header.Set("Pid", fmt.Sprint(os.Getpid()))
		c.Response.Header.Set("Nonce", c.Request.Header.Get("Nonce"))
		return nil
	})
	app.Get("/", func(c *microroute.Context) []string { return about() })
	app.Post("/echo", func(c *microroute.Context) ([]byte, error) { return c.Request.Data() })
	app.Post("/pass", func(c *microroute.Context) io.Reader { return c.Request.Body() })
	app.Get("/wait/<int:ms>", func(c *microroute.Context, ms int) string {
		time.Sleep(time.Duration(ms) * time.Millisecond)
		return c.Request.Header.Get("Nonce")
	})
	app.Get("/pieces/<int:n>", func(c *microroute.Context, n int) iter.Seq[string] {
		return func(yield func(string) bool) {
			for range n {
				if !yield(c.Request.Header.Get("Nonce") + "\n") {
					return
				}
				time.Sleep(10 * time.Millisecond)
			}
		}
	})
	app.Get("/until-go", func(c *microroute.Context) {
		os.WriteFile(requestFile, nil, 0o600)
		for c.Context().Err() == nil {
			if _, err := os.Stat(goFile); err == nil {
				return
			}
			time.Sleep(time.Millisecond)
		}
	})
	app.Get("/until-draining", func(c *microroute.Context) error {
		os.WriteFile(requestFile, nil, 0o600)
		if err := c.Response.SendString("begun\n"); err != nil {
			return err
		}
		<-c.Draining()
		return c.Response.SendString("over\n")
	})
	app.Get("/job", func(c *microroute.Context) {
		c.Go(func(ctx context.Context) {
			for ctx.Err() == nil {
				if _, err := os.Stat(goFile); err == nil {
					os.WriteFile("done", nil, 0o600)
					return
				}
				time.Sleep(time.Millisecond)
			}
		})
	})
	app.Get("/ready", microroute.Readiness)
	app.Post("/restart", func(c *microroute.Context) string {
		if err := p.Restart(); err != nil {
			return err.Error()
		}
		return ""
	})
	return app
}

// about tells of this process: its executable, arguments, working directory and a variable.
func about() []string {
	executable, _ := os.Executable()
	dir, _ := os.Getwd()
	return append([]string{executable, dir, os.Getenv("TEA")}, os.Args...)
}
