package router_test

import (
	"strings"
	"testing"

	"github.com/microroute/microroute/router"
)

// github are the routes of the GitHub API, version 3, as a large program has them: many rules that begin alike, few
// types, several methods for each rule.
const github = `
GET,POST              /authorizations
GET,PATCH,DELETE      /authorizations/<string:id>
PUT                   /authorizations/clients/<string:client>
DELETE                /applications/<string:client>/tokens
GET,DELETE            /applications/<string:client>/tokens/<string:token>

GET                   /events
GET                   /feeds
GET,PUT               /notifications
GET,PATCH             /notifications/threads/<string:id>
GET,PUT,DELETE        /notifications/threads/<string:id>/subscription
GET                   /networks/<string:owner>/<string:repo>/events

GET,POST              /gists
GET                   /gists/public
GET                   /gists/starred
GET,PATCH,DELETE      /gists/<string:id>
GET,PUT,DELETE        /gists/<string:id>/star
POST                  /gists/<string:id>/forks

GET                   /emojis
GET                   /issues
GET                   /meta
GET                   /rate_limit
GET                   /repositories
GET                   /gitignore/templates
GET                   /gitignore/templates/<string:name>
POST                  /markdown
POST                  /markdown/raw

GET                   /search/repositories
GET                   /search/code
GET                   /search/issues
GET                   /search/users
GET                   /legacy/issues/search/<string:owner>/<string:repo>/<string:state>/<string:keyword>
GET                   /legacy/repos/search/<string:keyword>
GET                   /legacy/user/search/<string:keyword>
GET                   /legacy/user/email/<string:email>

GET,PATCH             /orgs/<string:org>
GET                   /orgs/<string:org>/events
GET                   /orgs/<string:org>/issues
GET                   /orgs/<string:org>/members
GET,DELETE            /orgs/<string:org>/members/<string:user>
GET                   /orgs/<string:org>/public_members
GET,PUT,DELETE        /orgs/<string:org>/public_members/<string:user>
GET,POST              /orgs/<string:org>/repos
GET,POST              /orgs/<string:org>/teams

GET,PATCH,DELETE      /teams/<string:id>
GET                   /teams/<string:id>/members
GET,PUT,DELETE        /teams/<string:id>/members/<string:user>
GET                   /teams/<string:id>/repos
GET,PUT,DELETE        /teams/<string:id>/repos/<string:owner>/<string:repo>

GET,PATCH             /user
GET,POST,DELETE       /user/emails
GET                   /user/followers
GET                   /user/following
GET,PUT,DELETE        /user/following/<string:user>
GET                   /user/issues
GET,POST              /user/keys
GET,PATCH,DELETE      /user/keys/<string:id>
GET                   /user/orgs
GET,POST              /user/repos
GET                   /user/starred
GET,PUT,DELETE        /user/starred/<string:owner>/<string:repo>
GET                   /user/subscriptions
GET,PUT,DELETE        /user/subscriptions/<string:owner>/<string:repo>
GET                   /user/teams

GET                   /users
GET                   /users/<string:user>
GET                   /users/<string:user>/events
GET                   /users/<string:user>/events/orgs/<string:org>
GET                   /users/<string:user>/events/public
GET                   /users/<string:user>/followers
GET                   /users/<string:user>/following
GET                   /users/<string:user>/following/<string:target>
GET                   /users/<string:user>/gists
GET                   /users/<string:user>/keys
GET                   /users/<string:user>/orgs
GET                   /users/<string:user>/received_events
GET                   /users/<string:user>/received_events/public
GET                   /users/<string:user>/repos
GET                   /users/<string:user>/starred
GET                   /users/<string:user>/subscriptions

GET,PATCH,DELETE      /repos/<string:owner>/<string:repo>
GET                   /repos/<string:owner>/<string:repo>/assignees
GET                   /repos/<string:owner>/<string:repo>/assignees/<string:user>
GET                   /repos/<string:owner>/<string:repo>/branches
GET                   /repos/<string:owner>/<string:repo>/branches/<string:branch>
GET                   /repos/<string:owner>/<string:repo>/collaborators
GET,PUT,DELETE        /repos/<string:owner>/<string:repo>/collaborators/<string:user>
GET                   /repos/<string:owner>/<string:repo>/comments
GET,PATCH,DELETE      /repos/<string:owner>/<string:repo>/comments/<string:id>
GET                   /repos/<string:owner>/<string:repo>/commits
GET                   /repos/<string:owner>/<string:repo>/commits/<string:sha>
GET,POST              /repos/<string:owner>/<string:repo>/commits/<string:sha>/comments
GET,PUT,DELETE        /repos/<string:owner>/<string:repo>/contents/<path:path>
GET                   /repos/<string:owner>/<string:repo>/contributors
GET                   /repos/<string:owner>/<string:repo>/downloads
GET,DELETE            /repos/<string:owner>/<string:repo>/downloads/<string:id>
GET                   /repos/<string:owner>/<string:repo>/events
GET,POST              /repos/<string:owner>/<string:repo>/forks
POST                  /repos/<string:owner>/<string:repo>/git/blobs
GET                   /repos/<string:owner>/<string:repo>/git/blobs/<string:sha>
POST                  /repos/<string:owner>/<string:repo>/git/commits
GET                   /repos/<string:owner>/<string:repo>/git/commits/<string:sha>
GET,POST              /repos/<string:owner>/<string:repo>/git/refs
GET,PATCH,DELETE      /repos/<string:owner>/<string:repo>/git/refs/<path:ref>
POST                  /repos/<string:owner>/<string:repo>/git/tags
GET                   /repos/<string:owner>/<string:repo>/git/tags/<string:sha>
POST                  /repos/<string:owner>/<string:repo>/git/trees
GET                   /repos/<string:owner>/<string:repo>/git/trees/<string:sha>
GET,POST              /repos/<string:owner>/<string:repo>/hooks
GET,PATCH,DELETE      /repos/<string:owner>/<string:repo>/hooks/<string:id>
POST                  /repos/<string:owner>/<string:repo>/hooks/<string:id>/tests
GET,POST              /repos/<string:owner>/<string:repo>/issues
GET                   /repos/<string:owner>/<string:repo>/issues/comments
GET,PATCH,DELETE      /repos/<string:owner>/<string:repo>/issues/comments/<string:id>
GET                   /repos/<string:owner>/<string:repo>/issues/events
GET                   /repos/<string:owner>/<string:repo>/issues/events/<string:id>
GET,PATCH             /repos/<string:owner>/<string:repo>/issues/<string:number>
GET,POST              /repos/<string:owner>/<string:repo>/issues/<string:number>/comments
GET                   /repos/<string:owner>/<string:repo>/issues/<string:number>/events
GET,POST,PUT,DELETE   /repos/<string:owner>/<string:repo>/issues/<string:number>/labels
DELETE                /repos/<string:owner>/<string:repo>/issues/<string:number>/labels/<string:name>
GET,POST              /repos/<string:owner>/<string:repo>/keys
GET,PATCH,DELETE      /repos/<string:owner>/<string:repo>/keys/<string:id>
GET,POST              /repos/<string:owner>/<string:repo>/labels
GET,PATCH,DELETE      /repos/<string:owner>/<string:repo>/labels/<string:name>
GET                   /repos/<string:owner>/<string:repo>/languages
POST                  /repos/<string:owner>/<string:repo>/merges
GET,POST              /repos/<string:owner>/<string:repo>/milestones
GET,PATCH,DELETE      /repos/<string:owner>/<string:repo>/milestones/<string:number>
GET                   /repos/<string:owner>/<string:repo>/milestones/<string:number>/labels
GET,PUT               /repos/<string:owner>/<string:repo>/notifications
GET,POST              /repos/<string:owner>/<string:repo>/pulls
GET                   /repos/<string:owner>/<string:repo>/pulls/comments
GET,PATCH,DELETE      /repos/<string:owner>/<string:repo>/pulls/comments/<string:id>
GET,PATCH             /repos/<string:owner>/<string:repo>/pulls/<string:number>
GET,PUT               /repos/<string:owner>/<string:repo>/pulls/<string:number>/comments
GET                   /repos/<string:owner>/<string:repo>/pulls/<string:number>/commits
GET                   /repos/<string:owner>/<string:repo>/pulls/<string:number>/files
GET,PUT               /repos/<string:owner>/<string:repo>/pulls/<string:number>/merge
GET                   /repos/<string:owner>/<string:repo>/readme
GET,POST              /repos/<string:owner>/<string:repo>/releases
GET,PATCH,DELETE      /repos/<string:owner>/<string:repo>/releases/<string:id>
GET                   /repos/<string:owner>/<string:repo>/releases/<string:id>/assets
GET                   /repos/<string:owner>/<string:repo>/stargazers
GET                   /repos/<string:owner>/<string:repo>/stats/code_frequency
GET                   /repos/<string:owner>/<string:repo>/stats/commit_activity
GET                   /repos/<string:owner>/<string:repo>/stats/contributors
GET                   /repos/<string:owner>/<string:repo>/stats/participation
GET                   /repos/<string:owner>/<string:repo>/stats/punch_card
GET,POST              /repos/<string:owner>/<string:repo>/statuses/<string:ref>
GET                   /repos/<string:owner>/<string:repo>/subscribers
GET,PUT,DELETE        /repos/<string:owner>/<string:repo>/subscription
GET                   /repos/<string:owner>/<string:repo>/tags
GET                   /repos/<string:owner>/<string:repo>/teams
GET                   /repos/<string:owner>/<string:repo>/<string:format>/<string:ref>
`

// githubRoutes returns the routes of github, each as "GET /rule".
func githubRoutes() (routes []string) {
	for line := range strings.Lines(github) {
		if methods, rule, found := strings.Cut(strings.TrimSpace(line), " "); found {
			for method := range strings.SplitSeq(methods, ",") {
				routes = append(routes, method+" "+strings.TrimSpace(rule))
			}
		}
	}
	return routes
}

// examplePath returns a path that rule matches, with the names of the variables as their texts.
func examplePath(rule router.Rule) (path string, variables []string) {
	path = rule.String()
	for _, v := range rule.Variables() {
		path = strings.Replace(path, v.String(), v.Name, 1)
		variables = append(variables, v.Name)
	}
	return path, variables
}

func TestGitHub(t *testing.T) {
	routes := githubRoutes()
	r := build(t, routes...)
	var m router.Match
	for _, route := range routes {
		method, rule, _ := strings.Cut(route, " ")
		path, want := examplePath(parse(t, rule))
		got, _ := r.Find(method, path, &m)
		if got != route || strings.Join(variables(&m), ",") != strings.Join(want, ",") {
			t.Errorf("%s %s: got %s %q, want %s %q", method, path, got, variables(&m), route, want)
		}
	}
}
