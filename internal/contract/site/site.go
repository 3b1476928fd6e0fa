// Package site builds the App that the wire cases of package contract and the HTTP cases of package httpcases are played
// against. It uses nothing but the public API, so it also shows that the API can say all that the contract asks for.
//
//	app, err := site.New("plain", microroute.Config{Root: "testdata/contract/site/www"})
//
// The program in the folder app serves it for tools from outside.
package site

import (
	"fmt"
	"path/filepath"

	"github.com/microroute/microroute"
)

// Context is what every handler gets.
type Context = microroute.Context

// New builds the App of a mode: plain, root (a route for / too), custom (texts and types of its own), twoapps (plain, while
// NewSecond is beside it) or http (that of the HTTP cases, whose files WriteFiles makes). It serves the files under
// config.Root.
func New(mode string, config microroute.Config) (*microroute.App, error) {
	root, err := filepath.Abs(config.Root)
	if err != nil {
		return nil, err
	}
	app := microroute.New(config)
	switch mode {
	case "plain", "twoapps":
		addContract(app, root)
	case "root":
		addContract(app, root)
		app.Get("/", func(*Context) string { return "root route" })
	case "custom":
		addContract(app, root)
		app.StatusTexts[418] = "I'm a teapot"
		app.StatusTexts[200] = "Dandy"
		app.MIMETypes["xyz"] = "chemical/x-xyz"
	case "http":
		addHTTP(app)
	default:
		return nil, fmt.Errorf("no mode %q", mode)
	}
	return app, nil
}

// NewSecond builds the App that runs beside the first in mode twoapps, with a route that the first must not know.
func NewSecond(config microroute.Config) *microroute.App {
	app := microroute.New(config)
	app.Get("/only-on-app2", func(*Context) string { return "app2" })
	return app
}

// addContract adds the routes of the contract.
func addContract(app *microroute.App, root string) {
	addReturns(app)
	addFields(app)
	addStatus(app)
	addHeaders(app)
	addSends(app)
	addRedirects(app)
	addCloses(app)
	addAborts(app)
	addFiles(app, root)
	addClients(app)
	addRules(app)
	addMethods(app)
	addBodies(app)
	addRequests(app)
}
