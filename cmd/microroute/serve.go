package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/engine"
)

// serve is the command of that name, with its flags.
type serve struct {
	Dir string `arg:"" optional:"" default:"." help:"Directory whose files are served; default: this one."`

	Addr     string `default:":8080" placeholder:"HOST:PORT" help:"Where to listen; port 0 takes a free one. Default: port 8080 of all addresses."`
	Listing  bool   `default:"true" negatable:"" help:"Show what is in directories that have no index.html."`
	Dotfiles bool   `help:"Serve files whose names begin with a dot, too."`
	SPA      string `name:"spa" placeholder:"FILE" help:"Answer with this file where there is none, for applications of a single page."`
	Compress bool   `help:"Compress text on the way. Files with a .zst, .br or .gz beside them need no flag."`
	CORS     origin `name:"cors" placeholder:"ORIGIN" help:"Let pages of every other origin read the files, or of one: --cors=https://tea.example."`
	Auth     string `env:"MICROROUTE_AUTH" placeholder:"USER:PASSWORD" help:"Ask for a name and a password. Others on this machine can see flags: the variable and the file are for secrets."`
	AuthFile string `placeholder:"FILE" help:"Ask for a name and a password of which this file has a line, USER:PASSWORD."`
	TLS      bool   `name:"tls" help:"Serve over TLS, with a certificate made for the occasion."`
	Log      string `enum:"auto,color,json,none" default:"auto" help:"How to log requests: color, json or none. Default: in color on a terminal, else json."`
	QR       bool   `name:"qr" default:"true" negatable:"" help:"Show the address as a QR code, on a terminal."`
}

// drainTime is how long answers under way may take when the program is asked to end.
const drainTime = 10 * time.Second

// Run serves until the program is asked to end by SIGINT or SIGTERM; a second signal ends it at once. The error is for the
// user: what cannot be done, and what to do about it.
func (s *serve) Run() error {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)

	if err := s.check(); err != nil {
		return err
	}
	out := newTerminal(os.Stdout, s.Log)
	app, err := s.app(out)
	if err != nil {
		return err
	}
	listener, site, err := s.listen()
	if err != nil {
		return err
	}
	server := engine.New(engine.Config{Handler: s.handler(app, out), Limits: app.Config().Limits, Logger: app.Config().Logger})
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	out.announce(site)
	select {
	case err := <-ended:
		return errors.Join(err, server.Close())
	case <-signals:
	}
	waiting := time.AfterFunc(time.Second, func() { out.note("Answers are under way. Ctrl+C again ends them.") })
	defer waiting.Stop()
	shutdown(server, signals)
	<-ended
	return nil
}

// shutdown ends the server in good order, or in haste after drainTime or another signal.
func shutdown(server *engine.Server, signals <-chan os.Signal) {
	ctx, cancel := context.WithTimeout(context.Background(), drainTime)
	defer cancel()
	go func() {
		select {
		case <-signals:
			cancel()
		case <-ctx.Done():
		}
	}()
	server.Shutdown(ctx) // its error says that answers were broken off, as the user has asked for
}

// check makes the directory's path absolute, and sees to it that there are the files that the flags speak of.
func (s *serve) check() (err error) {
	given := s.Dir
	if s.Dir, err = filepath.Abs(given); err != nil {
		return err
	}
	info, err := os.Stat(s.Dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("there is no directory %s", given)
	case err != nil:
		return err
	case !info.IsDir():
		return fmt.Errorf("%s is not a directory: serve the one it is in, %s", given, filepath.Dir(given))
	}
	if s.SPA != "" {
		if info, err := os.Stat(filepath.Join(s.Dir, s.SPA)); err != nil || !info.Mode().IsRegular() {
			return fmt.Errorf("--spa: there is no file %s in %s", s.SPA, given)
		}
	}
	return nil
}

// app returns the App that answers the requests.
func (s *serve) app(out *terminal) (*microroute.App, error) {
	users, err := s.users()
	if err != nil {
		return nil, err
	}
	app := microroute.New(microroute.Config{
		Root:   s.Dir,
		Static: microroute.StaticConfig{Listing: s.Listing, Fallback: s.SPA, Dotfiles: s.Dotfiles},
		Logger: out.logger,
	})
	if s.CORS != "" {
		app.Use(s.CORS.middleware)
	}
	if len(users) > 0 {
		app.Use(users.middleware)
	}
	return app, app.Prepare()
}

// handler returns what answers an exchange: the App, with what has to see the answer on its way.
func (s *serve) handler(app *microroute.App, out *terminal) func(*engine.Exchange) {
	answer := app.Serve
	if s.Compress {
		answer = newCompressor().wrap(answer)
	}
	answer = out.logged(answer)
	return func(x *engine.Exchange) { answer(x) }
}
