# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_vsai_global_optspecs
    string join \n p/profile= api-url= ca-file= config-dir= json q/quiet v/verbose color= no-input h/help V/version
end

function __fish_vsai_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_vsai_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_vsai_using_subcommand
    set -l cmd (__fish_vsai_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c vsai -n "__fish_vsai_needs_command" -s p -l profile -d 'Profile to use; as a flag it sets VSAI_API_KEY, VSAI_API_URL and VSAI_WEBHOOK_SECRET aside [env: VSAI_PROFILE]' -r
complete -c vsai -n "__fish_vsai_needs_command" -l api-url -d 'Base URL of the API [env: VSAI_API_URL]' -r
complete -c vsai -n "__fish_vsai_needs_command" -l ca-file -d 'PEM file with further certificate authorities to trust [env: VSAI_CA_FILE]' -r -F
complete -c vsai -n "__fish_vsai_needs_command" -l config-dir -d 'Folder of settings, credentials and data [env: VSAI_CONFIG_DIR]' -r -F
complete -c vsai -n "__fish_vsai_needs_command" -l color -d 'When to colour [env: VSAI_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Also into a pipe'
never\t'Never'"
complete -c vsai -n "__fish_vsai_needs_command" -l json -d 'One JSON object a line on stdout, and nothing else [env: VSAI_JSON]'
complete -c vsai -n "__fish_vsai_needs_command" -s q -l quiet -d 'No banners and notes; warnings and errors stay [env: VSAI_QUIET]'
complete -c vsai -n "__fish_vsai_needs_command" -s v -l verbose -d 'Say more about the work [env: VSAI_VERBOSE]'
complete -c vsai -n "__fish_vsai_needs_command" -l no-input -d 'Never ask; fail where an answer is needed [env: VSAI_NO_INPUT]'
complete -c vsai -n "__fish_vsai_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vsai -n "__fish_vsai_needs_command" -s V -l version -d 'Print version'
complete -c vsai -n "__fish_vsai_needs_command" -f -a "demo" -d 'See the whole loop on this machine: sandbox, secret, listener, render, verified events, pictures'
complete -c vsai -n "__fish_vsai_needs_command" -f -a "login" -d 'Store the API key of a profile'
complete -c vsai -n "__fish_vsai_needs_command" -f -a "logout" -d 'Forget the API key of a profile; its webhook secret stays'
complete -c vsai -n "__fish_vsai_needs_command" -f -a "whoami" -d 'Show the account behind the API key, its quota, and where each setting came from'
complete -c vsai -n "__fish_vsai_needs_command" -f -a "secret" -d 'Set, show or delete the account\'s webhook secret'
complete -c vsai -n "__fish_vsai_needs_command" -f -a "render" -d 'Submit renders and read them'
complete -c vsai -n "__fish_vsai_needs_command" -f -a "analyze" -d 'Make a mask of the furniture in a photo'
complete -c vsai -n "__fish_vsai_needs_command" -f -a "multi-view" -d 'Check photos for multi-view staging'
complete -c vsai -n "__fish_vsai_needs_command" -f -a "listen" -d 'Receive webhooks and print verified events'
complete -c vsai -n "__fish_vsai_needs_command" -f -a "events" -d 'Look at what the journal holds'
complete -c vsai -n "__fish_vsai_needs_command" -f -a "trigger" -d 'Send a made-up event, signed as the vendor signs, and show what the handler answers'
complete -c vsai -n "__fish_vsai_needs_command" -f -a "test-handler" -d 'Check that a webhook handler accepts and refuses rightly'
complete -c vsai -n "__fish_vsai_needs_command" -f -a "sandbox" -d 'Serve the API on this machine: renders with pictures, signed webhooks, no account, no cost'
complete -c vsai -n "__fish_vsai_needs_command" -f -a "sign" -d 'Sign payload files as the vendor does, offline'
complete -c vsai -n "__fish_vsai_needs_command" -f -a "verify" -d 'Verify payload files against their signature, offline'
complete -c vsai -n "__fish_vsai_needs_command" -f -a "schema" -d 'Print the JSON Schema of the records that --json prints'
complete -c vsai -n "__fish_vsai_needs_command" -f -a "completions" -d 'Print the completion script of a shell'
complete -c vsai -n "__fish_vsai_needs_command" -f -a "man" -d 'Print the man page'
complete -c vsai -n "__fish_vsai_needs_command" -f -a "help" -d 'Print the help of a command'
complete -c vsai -n "__fish_vsai_using_subcommand demo" -l dir -d 'Folder for the pictures' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand demo" -s p -l profile -d 'Profile to use; as a flag it sets VSAI_API_KEY, VSAI_API_URL and VSAI_WEBHOOK_SECRET aside [env: VSAI_PROFILE]' -r
complete -c vsai -n "__fish_vsai_using_subcommand demo" -l api-url -d 'Base URL of the API [env: VSAI_API_URL]' -r
complete -c vsai -n "__fish_vsai_using_subcommand demo" -l ca-file -d 'PEM file with further certificate authorities to trust [env: VSAI_CA_FILE]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand demo" -l config-dir -d 'Folder of settings, credentials and data [env: VSAI_CONFIG_DIR]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand demo" -l color -d 'When to colour [env: VSAI_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Also into a pipe'
never\t'Never'"
complete -c vsai -n "__fish_vsai_using_subcommand demo" -l json -d 'One JSON object a line on stdout, and nothing else [env: VSAI_JSON]'
complete -c vsai -n "__fish_vsai_using_subcommand demo" -s q -l quiet -d 'No banners and notes; warnings and errors stay [env: VSAI_QUIET]'
complete -c vsai -n "__fish_vsai_using_subcommand demo" -s v -l verbose -d 'Say more about the work [env: VSAI_VERBOSE]'
complete -c vsai -n "__fish_vsai_using_subcommand demo" -l no-input -d 'Never ask; fail where an answer is needed [env: VSAI_NO_INPUT]'
complete -c vsai -n "__fish_vsai_using_subcommand demo" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vsai -n "__fish_vsai_using_subcommand login" -s p -l profile -d 'Profile to use; as a flag it sets VSAI_API_KEY, VSAI_API_URL and VSAI_WEBHOOK_SECRET aside [env: VSAI_PROFILE]' -r
complete -c vsai -n "__fish_vsai_using_subcommand login" -l api-url -d 'Base URL of the API [env: VSAI_API_URL]' -r
complete -c vsai -n "__fish_vsai_using_subcommand login" -l ca-file -d 'PEM file with further certificate authorities to trust [env: VSAI_CA_FILE]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand login" -l config-dir -d 'Folder of settings, credentials and data [env: VSAI_CONFIG_DIR]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand login" -l color -d 'When to colour [env: VSAI_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Also into a pipe'
never\t'Never'"
complete -c vsai -n "__fish_vsai_using_subcommand login" -l stdin -d 'Read the key from standard input'
complete -c vsai -n "__fish_vsai_using_subcommand login" -l json -d 'One JSON object a line on stdout, and nothing else [env: VSAI_JSON]'
complete -c vsai -n "__fish_vsai_using_subcommand login" -s q -l quiet -d 'No banners and notes; warnings and errors stay [env: VSAI_QUIET]'
complete -c vsai -n "__fish_vsai_using_subcommand login" -s v -l verbose -d 'Say more about the work [env: VSAI_VERBOSE]'
complete -c vsai -n "__fish_vsai_using_subcommand login" -l no-input -d 'Never ask; fail where an answer is needed [env: VSAI_NO_INPUT]'
complete -c vsai -n "__fish_vsai_using_subcommand login" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vsai -n "__fish_vsai_using_subcommand logout" -s p -l profile -d 'Profile to use; as a flag it sets VSAI_API_KEY, VSAI_API_URL and VSAI_WEBHOOK_SECRET aside [env: VSAI_PROFILE]' -r
complete -c vsai -n "__fish_vsai_using_subcommand logout" -l api-url -d 'Base URL of the API [env: VSAI_API_URL]' -r
complete -c vsai -n "__fish_vsai_using_subcommand logout" -l ca-file -d 'PEM file with further certificate authorities to trust [env: VSAI_CA_FILE]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand logout" -l config-dir -d 'Folder of settings, credentials and data [env: VSAI_CONFIG_DIR]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand logout" -l color -d 'When to colour [env: VSAI_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Also into a pipe'
never\t'Never'"
complete -c vsai -n "__fish_vsai_using_subcommand logout" -l json -d 'One JSON object a line on stdout, and nothing else [env: VSAI_JSON]'
complete -c vsai -n "__fish_vsai_using_subcommand logout" -s q -l quiet -d 'No banners and notes; warnings and errors stay [env: VSAI_QUIET]'
complete -c vsai -n "__fish_vsai_using_subcommand logout" -s v -l verbose -d 'Say more about the work [env: VSAI_VERBOSE]'
complete -c vsai -n "__fish_vsai_using_subcommand logout" -l no-input -d 'Never ask; fail where an answer is needed [env: VSAI_NO_INPUT]'
complete -c vsai -n "__fish_vsai_using_subcommand logout" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vsai -n "__fish_vsai_using_subcommand whoami" -s p -l profile -d 'Profile to use; as a flag it sets VSAI_API_KEY, VSAI_API_URL and VSAI_WEBHOOK_SECRET aside [env: VSAI_PROFILE]' -r
complete -c vsai -n "__fish_vsai_using_subcommand whoami" -l api-url -d 'Base URL of the API [env: VSAI_API_URL]' -r
complete -c vsai -n "__fish_vsai_using_subcommand whoami" -l ca-file -d 'PEM file with further certificate authorities to trust [env: VSAI_CA_FILE]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand whoami" -l config-dir -d 'Folder of settings, credentials and data [env: VSAI_CONFIG_DIR]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand whoami" -l color -d 'When to colour [env: VSAI_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Also into a pipe'
never\t'Never'"
complete -c vsai -n "__fish_vsai_using_subcommand whoami" -l json -d 'One JSON object a line on stdout, and nothing else [env: VSAI_JSON]'
complete -c vsai -n "__fish_vsai_using_subcommand whoami" -s q -l quiet -d 'No banners and notes; warnings and errors stay [env: VSAI_QUIET]'
complete -c vsai -n "__fish_vsai_using_subcommand whoami" -s v -l verbose -d 'Say more about the work [env: VSAI_VERBOSE]'
complete -c vsai -n "__fish_vsai_using_subcommand whoami" -l no-input -d 'Never ask; fail where an answer is needed [env: VSAI_NO_INPUT]'
complete -c vsai -n "__fish_vsai_using_subcommand whoami" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vsai -n "__fish_vsai_using_subcommand secret; and not __fish_seen_subcommand_from set show delete" -s p -l profile -d 'Profile to use; as a flag it sets VSAI_API_KEY, VSAI_API_URL and VSAI_WEBHOOK_SECRET aside [env: VSAI_PROFILE]' -r
complete -c vsai -n "__fish_vsai_using_subcommand secret; and not __fish_seen_subcommand_from set show delete" -l api-url -d 'Base URL of the API [env: VSAI_API_URL]' -r
complete -c vsai -n "__fish_vsai_using_subcommand secret; and not __fish_seen_subcommand_from set show delete" -l ca-file -d 'PEM file with further certificate authorities to trust [env: VSAI_CA_FILE]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand secret; and not __fish_seen_subcommand_from set show delete" -l config-dir -d 'Folder of settings, credentials and data [env: VSAI_CONFIG_DIR]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand secret; and not __fish_seen_subcommand_from set show delete" -l color -d 'When to colour [env: VSAI_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Also into a pipe'
never\t'Never'"
complete -c vsai -n "__fish_vsai_using_subcommand secret; and not __fish_seen_subcommand_from set show delete" -l json -d 'One JSON object a line on stdout, and nothing else [env: VSAI_JSON]'
complete -c vsai -n "__fish_vsai_using_subcommand secret; and not __fish_seen_subcommand_from set show delete" -s q -l quiet -d 'No banners and notes; warnings and errors stay [env: VSAI_QUIET]'
complete -c vsai -n "__fish_vsai_using_subcommand secret; and not __fish_seen_subcommand_from set show delete" -s v -l verbose -d 'Say more about the work [env: VSAI_VERBOSE]'
complete -c vsai -n "__fish_vsai_using_subcommand secret; and not __fish_seen_subcommand_from set show delete" -l no-input -d 'Never ask; fail where an answer is needed [env: VSAI_NO_INPUT]'
complete -c vsai -n "__fish_vsai_using_subcommand secret; and not __fish_seen_subcommand_from set show delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vsai -n "__fish_vsai_using_subcommand secret; and not __fish_seen_subcommand_from set show delete" -f -a "set" -d 'Set the account\'s only webhook secret, and keep it in the profile'
complete -c vsai -n "__fish_vsai_using_subcommand secret; and not __fish_seen_subcommand_from set show delete" -f -a "show" -d 'Show the fingerprint of the webhook secret and where it came from'
complete -c vsai -n "__fish_vsai_using_subcommand secret; and not __fish_seen_subcommand_from set show delete" -f -a "delete" -d 'Delete the account\'s webhook secret; webhooks come unsigned from then on'
complete -c vsai -n "__fish_vsai_using_subcommand secret; and __fish_seen_subcommand_from set" -l from-file -d 'Take the secret from a file, less one newline at its end' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand secret; and __fish_seen_subcommand_from set" -l member -d 'Member of the request that carries the secret; the API does not document its name' -r
complete -c vsai -n "__fish_vsai_using_subcommand secret; and __fish_seen_subcommand_from set" -s p -l profile -d 'Profile to use; as a flag it sets VSAI_API_KEY, VSAI_API_URL and VSAI_WEBHOOK_SECRET aside [env: VSAI_PROFILE]' -r
complete -c vsai -n "__fish_vsai_using_subcommand secret; and __fish_seen_subcommand_from set" -l api-url -d 'Base URL of the API [env: VSAI_API_URL]' -r
complete -c vsai -n "__fish_vsai_using_subcommand secret; and __fish_seen_subcommand_from set" -l ca-file -d 'PEM file with further certificate authorities to trust [env: VSAI_CA_FILE]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand secret; and __fish_seen_subcommand_from set" -l config-dir -d 'Folder of settings, credentials and data [env: VSAI_CONFIG_DIR]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand secret; and __fish_seen_subcommand_from set" -l color -d 'When to colour [env: VSAI_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Also into a pipe'
never\t'Never'"
complete -c vsai -n "__fish_vsai_using_subcommand secret; and __fish_seen_subcommand_from set" -l stdin -d 'Take the secret from standard input, less one newline at its end'
complete -c vsai -n "__fish_vsai_using_subcommand secret; and __fish_seen_subcommand_from set" -l generate -d 'Make a random secret of 32 bytes, in hex'
complete -c vsai -n "__fish_vsai_using_subcommand secret; and __fish_seen_subcommand_from set" -l reveal -d 'Print the secret that was set'
complete -c vsai -n "__fish_vsai_using_subcommand secret; and __fish_seen_subcommand_from set" -s y -l yes -d 'Do not ask'
complete -c vsai -n "__fish_vsai_using_subcommand secret; and __fish_seen_subcommand_from set" -l no-store -d 'Do not keep the secret in the profile'
complete -c vsai -n "__fish_vsai_using_subcommand secret; and __fish_seen_subcommand_from set" -l json -d 'One JSON object a line on stdout, and nothing else [env: VSAI_JSON]'
complete -c vsai -n "__fish_vsai_using_subcommand secret; and __fish_seen_subcommand_from set" -s q -l quiet -d 'No banners and notes; warnings and errors stay [env: VSAI_QUIET]'
complete -c vsai -n "__fish_vsai_using_subcommand secret; and __fish_seen_subcommand_from set" -s v -l verbose -d 'Say more about the work [env: VSAI_VERBOSE]'
complete -c vsai -n "__fish_vsai_using_subcommand secret; and __fish_seen_subcommand_from set" -l no-input -d 'Never ask; fail where an answer is needed [env: VSAI_NO_INPUT]'
complete -c vsai -n "__fish_vsai_using_subcommand secret; and __fish_seen_subcommand_from set" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vsai -n "__fish_vsai_using_subcommand secret; and __fish_seen_subcommand_from show" -s p -l profile -d 'Profile to use; as a flag it sets VSAI_API_KEY, VSAI_API_URL and VSAI_WEBHOOK_SECRET aside [env: VSAI_PROFILE]' -r
complete -c vsai -n "__fish_vsai_using_subcommand secret; and __fish_seen_subcommand_from show" -l api-url -d 'Base URL of the API [env: VSAI_API_URL]' -r
complete -c vsai -n "__fish_vsai_using_subcommand secret; and __fish_seen_subcommand_from show" -l ca-file -d 'PEM file with further certificate authorities to trust [env: VSAI_CA_FILE]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand secret; and __fish_seen_subcommand_from show" -l config-dir -d 'Folder of settings, credentials and data [env: VSAI_CONFIG_DIR]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand secret; and __fish_seen_subcommand_from show" -l color -d 'When to colour [env: VSAI_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Also into a pipe'
never\t'Never'"
complete -c vsai -n "__fish_vsai_using_subcommand secret; and __fish_seen_subcommand_from show" -l reveal -d 'Print the secret itself'
complete -c vsai -n "__fish_vsai_using_subcommand secret; and __fish_seen_subcommand_from show" -l json -d 'One JSON object a line on stdout, and nothing else [env: VSAI_JSON]'
complete -c vsai -n "__fish_vsai_using_subcommand secret; and __fish_seen_subcommand_from show" -s q -l quiet -d 'No banners and notes; warnings and errors stay [env: VSAI_QUIET]'
complete -c vsai -n "__fish_vsai_using_subcommand secret; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more about the work [env: VSAI_VERBOSE]'
complete -c vsai -n "__fish_vsai_using_subcommand secret; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask; fail where an answer is needed [env: VSAI_NO_INPUT]'
complete -c vsai -n "__fish_vsai_using_subcommand secret; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vsai -n "__fish_vsai_using_subcommand secret; and __fish_seen_subcommand_from delete" -s p -l profile -d 'Profile to use; as a flag it sets VSAI_API_KEY, VSAI_API_URL and VSAI_WEBHOOK_SECRET aside [env: VSAI_PROFILE]' -r
complete -c vsai -n "__fish_vsai_using_subcommand secret; and __fish_seen_subcommand_from delete" -l api-url -d 'Base URL of the API [env: VSAI_API_URL]' -r
complete -c vsai -n "__fish_vsai_using_subcommand secret; and __fish_seen_subcommand_from delete" -l ca-file -d 'PEM file with further certificate authorities to trust [env: VSAI_CA_FILE]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand secret; and __fish_seen_subcommand_from delete" -l config-dir -d 'Folder of settings, credentials and data [env: VSAI_CONFIG_DIR]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand secret; and __fish_seen_subcommand_from delete" -l color -d 'When to colour [env: VSAI_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Also into a pipe'
never\t'Never'"
complete -c vsai -n "__fish_vsai_using_subcommand secret; and __fish_seen_subcommand_from delete" -s y -l yes -d 'Do not ask'
complete -c vsai -n "__fish_vsai_using_subcommand secret; and __fish_seen_subcommand_from delete" -l json -d 'One JSON object a line on stdout, and nothing else [env: VSAI_JSON]'
complete -c vsai -n "__fish_vsai_using_subcommand secret; and __fish_seen_subcommand_from delete" -s q -l quiet -d 'No banners and notes; warnings and errors stay [env: VSAI_QUIET]'
complete -c vsai -n "__fish_vsai_using_subcommand secret; and __fish_seen_subcommand_from delete" -s v -l verbose -d 'Say more about the work [env: VSAI_VERBOSE]'
complete -c vsai -n "__fish_vsai_using_subcommand secret; and __fish_seen_subcommand_from delete" -l no-input -d 'Never ask; fail where an answer is needed [env: VSAI_NO_INPUT]'
complete -c vsai -n "__fish_vsai_using_subcommand secret; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vsai -n "__fish_vsai_using_subcommand render; and not __fish_seen_subcommand_from create add batch get show list download resolve wait" -s p -l profile -d 'Profile to use; as a flag it sets VSAI_API_KEY, VSAI_API_URL and VSAI_WEBHOOK_SECRET aside [env: VSAI_PROFILE]' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and not __fish_seen_subcommand_from create add batch get show list download resolve wait" -l api-url -d 'Base URL of the API [env: VSAI_API_URL]' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and not __fish_seen_subcommand_from create add batch get show list download resolve wait" -l ca-file -d 'PEM file with further certificate authorities to trust [env: VSAI_CA_FILE]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand render; and not __fish_seen_subcommand_from create add batch get show list download resolve wait" -l config-dir -d 'Folder of settings, credentials and data [env: VSAI_CONFIG_DIR]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand render; and not __fish_seen_subcommand_from create add batch get show list download resolve wait" -l color -d 'When to colour [env: VSAI_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Also into a pipe'
never\t'Never'"
complete -c vsai -n "__fish_vsai_using_subcommand render; and not __fish_seen_subcommand_from create add batch get show list download resolve wait" -l json -d 'One JSON object a line on stdout, and nothing else [env: VSAI_JSON]'
complete -c vsai -n "__fish_vsai_using_subcommand render; and not __fish_seen_subcommand_from create add batch get show list download resolve wait" -s q -l quiet -d 'No banners and notes; warnings and errors stay [env: VSAI_QUIET]'
complete -c vsai -n "__fish_vsai_using_subcommand render; and not __fish_seen_subcommand_from create add batch get show list download resolve wait" -s v -l verbose -d 'Say more about the work [env: VSAI_VERBOSE]'
complete -c vsai -n "__fish_vsai_using_subcommand render; and not __fish_seen_subcommand_from create add batch get show list download resolve wait" -l no-input -d 'Never ask; fail where an answer is needed [env: VSAI_NO_INPUT]'
complete -c vsai -n "__fish_vsai_using_subcommand render; and not __fish_seen_subcommand_from create add batch get show list download resolve wait" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vsai -n "__fish_vsai_using_subcommand render; and not __fish_seen_subcommand_from create add batch get show list download resolve wait" -f -a "create" -d 'Submit one photo; this costs one photo, whatever the number of styles and variations'
complete -c vsai -n "__fish_vsai_using_subcommand render; and not __fish_seen_subcommand_from create add batch get show list download resolve wait" -f -a "add" -d 'Add variations to a render, up to 20; this costs nothing'
complete -c vsai -n "__fish_vsai_using_subcommand render; and not __fish_seen_subcommand_from create add batch get show list download resolve wait" -f -a "batch" -d 'Render every photo of a folder or manifest; each costs one photo, once'
complete -c vsai -n "__fish_vsai_using_subcommand render; and not __fish_seen_subcommand_from create add batch get show list download resolve wait" -f -a "get" -d 'Show renders and their variations'
complete -c vsai -n "__fish_vsai_using_subcommand render; and not __fish_seen_subcommand_from create add batch get show list download resolve wait" -f -a "show" -d 'Draw a render\'s pictures in the terminal, before and after'
complete -c vsai -n "__fish_vsai_using_subcommand render; and not __fish_seen_subcommand_from create add batch get show list download resolve wait" -f -a "list" -d 'List renders, newest first'
complete -c vsai -n "__fish_vsai_using_subcommand render; and not __fish_seen_subcommand_from create add batch get show list download resolve wait" -f -a "download" -d 'Save the finished pictures of renders into a folder, with a page to look at them'
complete -c vsai -n "__fish_vsai_using_subcommand render; and not __fish_seen_subcommand_from create add batch get show list download resolve wait" -f -a "resolve" -d 'Clear up a job whose payment is unclear; without a job, list all of them'
complete -c vsai -n "__fish_vsai_using_subcommand render; and not __fish_seen_subcommand_from create add batch get show list download resolve wait" -f -a "wait" -d 'Wait until renders are done'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from create" -l type -d 'What is done: staging, daytodusk or enhancement; day_to_dusk is another spelling to try [default: staging]' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from create" -l room -d 'Room type: living, bed, kitchen, dining, home_office, outdoor, kids_room' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from create" -l style -d 'Furniture style: standard, modern, scandinavian, industrial, midcentury, luxury, farmhouse, coastal; repeat it for several' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from create" -l remove -d 'Take furniture out first: auto (where there is some), on or off; without --room and --style, empty the room only' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from create" -l mask -d 'Link to a mask of what to take out, such as the result of an analysis' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from create" -l base-variation -d 'Furnish this emptied picture of the render instead of its photo' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from create" -l resolution -d 'Size of the pictures: default, or 1536 pixels on the long edge' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from create" -l sky -d 'Sky of daytodusk: dusk, golden or blue' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from create" -s n -l variations -d 'Variations of each style [default: 1]; a render has 20 at most, all styles together' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from create" -l config -d 'File with the request\'s `config` as JSON, instead of the flags above but for -n' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from create" -l set -d 'Change a member of the request, such as config.output_resolution=1536; JSON, or else a string' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from create" -l download -d 'Wait, and save the pictures in this folder, with a page to look at them' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from create" -l webhook-url -d 'Where webhooks go; @listen is the running `vsai listen` of this profile' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from create" -l max-photos -d 'The most photos that may be paid for; exits 5 before it would be more' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from create" -l settle-within -d 'How long after it was sent a request without an answer is looked for' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from create" -l timeout -d 'Stop after this time, in a batch the waiting for each row; exits 124, and nothing is cancelled' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from create" -l variant -d 'Which of a result\'s pictures to save' -r -f -a "full\t'As it was made'
optimized\t'WebP for the web, where the API gives one'
thumbnail\t'A small JPEG, where the API gives one'"
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from create" -l name -d 'Names of the pictures; in braces: render, variation, n, view, kind, source, room, style, row, variant' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from create" -l port -d 'Port to listen on; 0 takes any free one' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from create" -l bind -d 'Address to listen on' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from create" -l path -d 'The one path that takes webhooks [default: /, or a random one with --public-url or --tunnel]' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from create" -l public-url -d 'URL by which webhooks reach this listener, through a proxy or tunnel of yours' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from create" -l tunnel -d 'Start a tunnel with this tool, cloudflared, ngrok or \'cmd:COMMAND\' with {port} or {url} in it, and end it with the listener; the public URL that it says is taken, and no address of this machine unless it is alone on its line' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from create" -l journal -d 'Journal to use instead of the profile\'s' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from create" -l secret-file -d 'File that holds a webhook secret, repeated for several live ones; else VSAI_WEBHOOK_SECRET, else the profile\'s' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from create" -s p -l profile -d 'Profile to use; as a flag it sets VSAI_API_KEY, VSAI_API_URL and VSAI_WEBHOOK_SECRET aside [env: VSAI_PROFILE]' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from create" -l api-url -d 'Base URL of the API [env: VSAI_API_URL]' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from create" -l ca-file -d 'PEM file with further certificate authorities to trust [env: VSAI_CA_FILE]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from create" -l config-dir -d 'Folder of settings, credentials and data [env: VSAI_CONFIG_DIR]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from create" -l color -d 'When to colour [env: VSAI_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Also into a pipe'
never\t'Never'"
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from create" -l watermark -d 'Mark the pictures as virtually staged'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from create" -l allow-unknown -d 'Send values that are not known here'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from create" -l multi-view -d 'The two images are views of one room, to be furnished alike: living rooms and bedrooms only, without removal'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from create" -l wait -d 'Wait until all variations have ended'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from create" -l as-is -d 'Send files as they are, not upright and scaled to 3072 pixels'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from create" -l again -d 'Buy what was bought before once more'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from create" -l overwrite -d 'Download again what is there, and replace files that are not vsai\'s'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from create" -l listen -d 'Listen for webhooks, from before anything is submitted until the end, and have them sent here'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from create" -l dry-run -d 'Show the request and what it costs; send nothing'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from create" -l json -d 'One JSON object a line on stdout, and nothing else [env: VSAI_JSON]'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from create" -s q -l quiet -d 'No banners and notes; warnings and errors stay [env: VSAI_QUIET]'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from create" -s v -l verbose -d 'Say more about the work [env: VSAI_VERBOSE]'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from create" -l no-input -d 'Never ask; fail where an answer is needed [env: VSAI_NO_INPUT]'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from add" -l type -d 'What is done: staging, daytodusk or enhancement; day_to_dusk is another spelling to try [default: staging]' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from add" -l room -d 'Room type: living, bed, kitchen, dining, home_office, outdoor, kids_room' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from add" -l style -d 'Furniture style: standard, modern, scandinavian, industrial, midcentury, luxury, farmhouse, coastal; repeat it for several' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from add" -l remove -d 'Take furniture out first: auto (where there is some), on or off; without --room and --style, empty the room only' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from add" -l mask -d 'Link to a mask of what to take out, such as the result of an analysis' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from add" -l base-variation -d 'Furnish this emptied picture of the render instead of its photo' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from add" -l resolution -d 'Size of the pictures: default, or 1536 pixels on the long edge' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from add" -l sky -d 'Sky of daytodusk: dusk, golden or blue' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from add" -s n -l variations -d 'Variations of each style [default: 1]; a render has 20 at most, all styles together' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from add" -l config -d 'File with the request\'s `config` as JSON, instead of the flags above but for -n' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from add" -l set -d 'Change a member of the request, such as config.output_resolution=1536; JSON, or else a string' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from add" -l webhook-url -d 'Where webhooks go; @listen is the running `vsai listen` of this profile' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from add" -s p -l profile -d 'Profile to use; as a flag it sets VSAI_API_KEY, VSAI_API_URL and VSAI_WEBHOOK_SECRET aside [env: VSAI_PROFILE]' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from add" -l api-url -d 'Base URL of the API [env: VSAI_API_URL]' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from add" -l ca-file -d 'PEM file with further certificate authorities to trust [env: VSAI_CA_FILE]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from add" -l config-dir -d 'Folder of settings, credentials and data [env: VSAI_CONFIG_DIR]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from add" -l color -d 'When to colour [env: VSAI_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Also into a pipe'
never\t'Never'"
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from add" -l watermark -d 'Mark the pictures as virtually staged'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from add" -l allow-unknown -d 'Send values that are not known here'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from add" -l dry-run -d 'Show the request; send nothing'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from add" -l json -d 'One JSON object a line on stdout, and nothing else [env: VSAI_JSON]'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from add" -s q -l quiet -d 'No banners and notes; warnings and errors stay [env: VSAI_QUIET]'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from add" -s v -l verbose -d 'Say more about the work [env: VSAI_VERBOSE]'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from add" -l no-input -d 'Never ask; fail where an answer is needed [env: VSAI_NO_INPUT]'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from batch" -l type -d 'What is done: staging, daytodusk or enhancement; day_to_dusk is another spelling to try [default: staging]' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from batch" -l room -d 'Room type: living, bed, kitchen, dining, home_office, outdoor, kids_room' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from batch" -l style -d 'Furniture style: standard, modern, scandinavian, industrial, midcentury, luxury, farmhouse, coastal; repeat it for several' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from batch" -l remove -d 'Take furniture out first: auto (where there is some), on or off; without --room and --style, empty the room only' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from batch" -l mask -d 'Link to a mask of what to take out, such as the result of an analysis' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from batch" -l base-variation -d 'Furnish this emptied picture of the render instead of its photo' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from batch" -l resolution -d 'Size of the pictures: default, or 1536 pixels on the long edge' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from batch" -l sky -d 'Sky of daytodusk: dusk, golden or blue' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from batch" -s n -l variations -d 'Variations of each style [default: 1]; a render has 20 at most, all styles together' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from batch" -l config -d 'File with the request\'s `config` as JSON, instead of the flags above but for -n' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from batch" -l set -d 'Change a member of the request, such as config.output_resolution=1536; JSON, or else a string' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from batch" -l download -d 'Save the pictures in this folder, with index.html to look at them, results.csv and results.json' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from batch" -l webhook-url -d 'Where webhooks go; @listen is the running `vsai listen` of this profile' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from batch" -l max-photos -d 'The most photos that may be paid for; exits 5 before it would be more' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from batch" -l settle-within -d 'How long after it was sent a request without an answer is looked for' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from batch" -l timeout -d 'Stop after this time, in a batch the waiting for each row; exits 124, and nothing is cancelled' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from batch" -l variant -d 'Which of a result\'s pictures to save' -r -f -a "full\t'As it was made'
optimized\t'WebP for the web, where the API gives one'
thumbnail\t'A small JPEG, where the API gives one'"
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from batch" -l name -d 'Names of the pictures; in braces: render, variation, n, view, kind, source, room, style, row, variant' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from batch" -l port -d 'Port to listen on; 0 takes any free one' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from batch" -l bind -d 'Address to listen on' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from batch" -l path -d 'The one path that takes webhooks [default: /, or a random one with --public-url or --tunnel]' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from batch" -l public-url -d 'URL by which webhooks reach this listener, through a proxy or tunnel of yours' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from batch" -l tunnel -d 'Start a tunnel with this tool, cloudflared, ngrok or \'cmd:COMMAND\' with {port} or {url} in it, and end it with the listener; the public URL that it says is taken, and no address of this machine unless it is alone on its line' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from batch" -l journal -d 'Journal to use instead of the profile\'s' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from batch" -l secret-file -d 'File that holds a webhook secret, repeated for several live ones; else VSAI_WEBHOOK_SECRET, else the profile\'s' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from batch" -s j -l jobs -d 'Rows at a time' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from batch" -s p -l profile -d 'Profile to use; as a flag it sets VSAI_API_KEY, VSAI_API_URL and VSAI_WEBHOOK_SECRET aside [env: VSAI_PROFILE]' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from batch" -l api-url -d 'Base URL of the API [env: VSAI_API_URL]' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from batch" -l ca-file -d 'PEM file with further certificate authorities to trust [env: VSAI_CA_FILE]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from batch" -l config-dir -d 'Folder of settings, credentials and data [env: VSAI_CONFIG_DIR]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from batch" -l color -d 'When to colour [env: VSAI_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Also into a pipe'
never\t'Never'"
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from batch" -l watermark -d 'Mark the pictures as virtually staged'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from batch" -l allow-unknown -d 'Send values that are not known here'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from batch" -l as-is -d 'Send files as they are, not upright and scaled to 3072 pixels'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from batch" -l again -d 'Buy what was bought before once more'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from batch" -l overwrite -d 'Download again what is there, and replace files that are not vsai\'s'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from batch" -l listen -d 'Listen for webhooks, from before anything is submitted until the end, and have them sent here'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from batch" -l yes -d 'Pay without asking'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from batch" -l dry-run -d 'Show the plan and what it costs; send nothing'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from batch" -l json -d 'One JSON object a line on stdout, and nothing else [env: VSAI_JSON]'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from batch" -s q -l quiet -d 'No banners and notes; warnings and errors stay [env: VSAI_QUIET]'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from batch" -s v -l verbose -d 'Say more about the work [env: VSAI_VERBOSE]'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from batch" -l no-input -d 'Never ask; fail where an answer is needed [env: VSAI_NO_INPUT]'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from batch" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from get" -s p -l profile -d 'Profile to use; as a flag it sets VSAI_API_KEY, VSAI_API_URL and VSAI_WEBHOOK_SECRET aside [env: VSAI_PROFILE]' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from get" -l api-url -d 'Base URL of the API [env: VSAI_API_URL]' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from get" -l ca-file -d 'PEM file with further certificate authorities to trust [env: VSAI_CA_FILE]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from get" -l config-dir -d 'Folder of settings, credentials and data [env: VSAI_CONFIG_DIR]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from get" -l color -d 'When to colour [env: VSAI_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Also into a pipe'
never\t'Never'"
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from get" -l json -d 'One JSON object a line on stdout, and nothing else [env: VSAI_JSON]'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from get" -s q -l quiet -d 'No banners and notes; warnings and errors stay [env: VSAI_QUIET]'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from get" -s v -l verbose -d 'Say more about the work [env: VSAI_VERBOSE]'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from get" -l no-input -d 'Never ask; fail where an answer is needed [env: VSAI_NO_INPUT]'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from get" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from show" -l variation -d 'One variation only' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from show" -l from -d 'Folder in which its pictures may have been saved; else they are downloaded and not kept' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from show" -s p -l profile -d 'Profile to use; as a flag it sets VSAI_API_KEY, VSAI_API_URL and VSAI_WEBHOOK_SECRET aside [env: VSAI_PROFILE]' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from show" -l api-url -d 'Base URL of the API [env: VSAI_API_URL]' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from show" -l ca-file -d 'PEM file with further certificate authorities to trust [env: VSAI_CA_FILE]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from show" -l config-dir -d 'Folder of settings, credentials and data [env: VSAI_CONFIG_DIR]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from show" -l color -d 'When to colour [env: VSAI_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Also into a pipe'
never\t'Never'"
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from show" -l json -d 'One JSON object a line on stdout, and nothing else [env: VSAI_JSON]'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from show" -s q -l quiet -d 'No banners and notes; warnings and errors stay [env: VSAI_QUIET]'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more about the work [env: VSAI_VERBOSE]'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask; fail where an answer is needed [env: VSAI_NO_INPUT]'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from list" -l limit -d 'Renders on a page, 1 to 100; 20 unless given, and 100 with --all' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from list" -l cursor -d 'Start after this render' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from list" -l order -d 'Newest or oldest first' -r -f -a "asc\t'Oldest first'
desc\t'Newest first'"
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from list" -s p -l profile -d 'Profile to use; as a flag it sets VSAI_API_KEY, VSAI_API_URL and VSAI_WEBHOOK_SECRET aside [env: VSAI_PROFILE]' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from list" -l api-url -d 'Base URL of the API [env: VSAI_API_URL]' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from list" -l ca-file -d 'PEM file with further certificate authorities to trust [env: VSAI_CA_FILE]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from list" -l config-dir -d 'Folder of settings, credentials and data [env: VSAI_CONFIG_DIR]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from list" -l color -d 'When to colour [env: VSAI_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Also into a pipe'
never\t'Never'"
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from list" -l all -d 'Go on to the last page'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from list" -l json -d 'One JSON object a line on stdout, and nothing else [env: VSAI_JSON]'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from list" -s q -l quiet -d 'No banners and notes; warnings and errors stay [env: VSAI_QUIET]'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more about the work [env: VSAI_VERBOSE]'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask; fail where an answer is needed [env: VSAI_NO_INPUT]'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from download" -l to -d 'Folder for the pictures' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from download" -l variant -d 'Which of a result\'s pictures to save' -r -f -a "full\t'As it was made'
optimized\t'WebP for the web, where the API gives one'
thumbnail\t'A small JPEG, where the API gives one'"
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from download" -l name -d 'Names of the pictures; in braces: render, variation, n, view, kind, source, room, style, row, variant' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from download" -s j -l jobs -d 'Pictures that are downloaded at a time' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from download" -s p -l profile -d 'Profile to use; as a flag it sets VSAI_API_KEY, VSAI_API_URL and VSAI_WEBHOOK_SECRET aside [env: VSAI_PROFILE]' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from download" -l api-url -d 'Base URL of the API [env: VSAI_API_URL]' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from download" -l ca-file -d 'PEM file with further certificate authorities to trust [env: VSAI_CA_FILE]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from download" -l config-dir -d 'Folder of settings, credentials and data [env: VSAI_CONFIG_DIR]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from download" -l color -d 'When to colour [env: VSAI_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Also into a pipe'
never\t'Never'"
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from download" -l overwrite -d 'Download again what is there, and replace files that are not vsai\'s'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from download" -l json -d 'One JSON object a line on stdout, and nothing else [env: VSAI_JSON]'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from download" -s q -l quiet -d 'No banners and notes; warnings and errors stay [env: VSAI_QUIET]'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from download" -s v -l verbose -d 'Say more about the work [env: VSAI_VERBOSE]'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from download" -l no-input -d 'Never ask; fail where an answer is needed [env: VSAI_NO_INPUT]'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from download" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from resolve" -l adopt -d 'This render is the job\'s: it was paid for' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from resolve" -l settle-within -d 'How long after it was sent a request may still have an effect' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from resolve" -s p -l profile -d 'Profile to use; as a flag it sets VSAI_API_KEY, VSAI_API_URL and VSAI_WEBHOOK_SECRET aside [env: VSAI_PROFILE]' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from resolve" -l api-url -d 'Base URL of the API [env: VSAI_API_URL]' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from resolve" -l ca-file -d 'PEM file with further certificate authorities to trust [env: VSAI_CA_FILE]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from resolve" -l config-dir -d 'Folder of settings, credentials and data [env: VSAI_CONFIG_DIR]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from resolve" -l color -d 'When to colour [env: VSAI_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Also into a pipe'
never\t'Never'"
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from resolve" -l resend -d 'The request did not arrive: the next `render create` or `render batch` with it sends it again, and pays'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from resolve" -l json -d 'One JSON object a line on stdout, and nothing else [env: VSAI_JSON]'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from resolve" -s q -l quiet -d 'No banners and notes; warnings and errors stay [env: VSAI_QUIET]'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from resolve" -s v -l verbose -d 'Say more about the work [env: VSAI_VERBOSE]'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from resolve" -l no-input -d 'Never ask; fail where an answer is needed [env: VSAI_NO_INPUT]'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from resolve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from wait" -l timeout -d 'Stop waiting after this time; exits 124' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from wait" -l expect -d 'Variations that each render must come to; a removal that comes by itself is not one of them' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from wait" -s p -l profile -d 'Profile to use; as a flag it sets VSAI_API_KEY, VSAI_API_URL and VSAI_WEBHOOK_SECRET aside [env: VSAI_PROFILE]' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from wait" -l api-url -d 'Base URL of the API [env: VSAI_API_URL]' -r
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from wait" -l ca-file -d 'PEM file with further certificate authorities to trust [env: VSAI_CA_FILE]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from wait" -l config-dir -d 'Folder of settings, credentials and data [env: VSAI_CONFIG_DIR]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from wait" -l color -d 'When to colour [env: VSAI_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Also into a pipe'
never\t'Never'"
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from wait" -l json -d 'One JSON object a line on stdout, and nothing else [env: VSAI_JSON]'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from wait" -s q -l quiet -d 'No banners and notes; warnings and errors stay [env: VSAI_QUIET]'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from wait" -s v -l verbose -d 'Say more about the work [env: VSAI_VERBOSE]'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from wait" -l no-input -d 'Never ask; fail where an answer is needed [env: VSAI_NO_INPUT]'
complete -c vsai -n "__fish_vsai_using_subcommand render; and __fish_seen_subcommand_from wait" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vsai -n "__fish_vsai_using_subcommand analyze" -l save-mask -d 'Save the mask as this file' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand analyze" -l webhook-url -d 'Where webhooks go; @listen is the running `vsai listen` of this profile' -r
complete -c vsai -n "__fish_vsai_using_subcommand analyze" -s p -l profile -d 'Profile to use; as a flag it sets VSAI_API_KEY, VSAI_API_URL and VSAI_WEBHOOK_SECRET aside [env: VSAI_PROFILE]' -r
complete -c vsai -n "__fish_vsai_using_subcommand analyze" -l api-url -d 'Base URL of the API [env: VSAI_API_URL]' -r
complete -c vsai -n "__fish_vsai_using_subcommand analyze" -l ca-file -d 'PEM file with further certificate authorities to trust [env: VSAI_CA_FILE]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand analyze" -l config-dir -d 'Folder of settings, credentials and data [env: VSAI_CONFIG_DIR]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand analyze" -l color -d 'When to colour [env: VSAI_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Also into a pipe'
never\t'Never'"
complete -c vsai -n "__fish_vsai_using_subcommand analyze" -l as-is -d 'Send a file\'s bytes unchanged, instead of an upright JPEG of at most 3072 pixels'
complete -c vsai -n "__fish_vsai_using_subcommand analyze" -l dry-run -d 'Show the request; send nothing'
complete -c vsai -n "__fish_vsai_using_subcommand analyze" -l json -d 'One JSON object a line on stdout, and nothing else [env: VSAI_JSON]'
complete -c vsai -n "__fish_vsai_using_subcommand analyze" -s q -l quiet -d 'No banners and notes; warnings and errors stay [env: VSAI_QUIET]'
complete -c vsai -n "__fish_vsai_using_subcommand analyze" -s v -l verbose -d 'Say more about the work [env: VSAI_VERBOSE]'
complete -c vsai -n "__fish_vsai_using_subcommand analyze" -l no-input -d 'Never ask; fail where an answer is needed [env: VSAI_NO_INPUT]'
complete -c vsai -n "__fish_vsai_using_subcommand analyze" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vsai -n "__fish_vsai_using_subcommand multi-view; and not __fish_seen_subcommand_from check" -s p -l profile -d 'Profile to use; as a flag it sets VSAI_API_KEY, VSAI_API_URL and VSAI_WEBHOOK_SECRET aside [env: VSAI_PROFILE]' -r
complete -c vsai -n "__fish_vsai_using_subcommand multi-view; and not __fish_seen_subcommand_from check" -l api-url -d 'Base URL of the API [env: VSAI_API_URL]' -r
complete -c vsai -n "__fish_vsai_using_subcommand multi-view; and not __fish_seen_subcommand_from check" -l ca-file -d 'PEM file with further certificate authorities to trust [env: VSAI_CA_FILE]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand multi-view; and not __fish_seen_subcommand_from check" -l config-dir -d 'Folder of settings, credentials and data [env: VSAI_CONFIG_DIR]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand multi-view; and not __fish_seen_subcommand_from check" -l color -d 'When to colour [env: VSAI_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Also into a pipe'
never\t'Never'"
complete -c vsai -n "__fish_vsai_using_subcommand multi-view; and not __fish_seen_subcommand_from check" -l json -d 'One JSON object a line on stdout, and nothing else [env: VSAI_JSON]'
complete -c vsai -n "__fish_vsai_using_subcommand multi-view; and not __fish_seen_subcommand_from check" -s q -l quiet -d 'No banners and notes; warnings and errors stay [env: VSAI_QUIET]'
complete -c vsai -n "__fish_vsai_using_subcommand multi-view; and not __fish_seen_subcommand_from check" -s v -l verbose -d 'Say more about the work [env: VSAI_VERBOSE]'
complete -c vsai -n "__fish_vsai_using_subcommand multi-view; and not __fish_seen_subcommand_from check" -l no-input -d 'Never ask; fail where an answer is needed [env: VSAI_NO_INPUT]'
complete -c vsai -n "__fish_vsai_using_subcommand multi-view; and not __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vsai -n "__fish_vsai_using_subcommand multi-view; and not __fish_seen_subcommand_from check" -f -a "check" -d 'Ask whether two photos show one room well enough to be furnished alike'
complete -c vsai -n "__fish_vsai_using_subcommand multi-view; and __fish_seen_subcommand_from check" -l set -d 'Change a member of the request, whose names are a guess; JSON, or else a string' -r
complete -c vsai -n "__fish_vsai_using_subcommand multi-view; and __fish_seen_subcommand_from check" -s p -l profile -d 'Profile to use; as a flag it sets VSAI_API_KEY, VSAI_API_URL and VSAI_WEBHOOK_SECRET aside [env: VSAI_PROFILE]' -r
complete -c vsai -n "__fish_vsai_using_subcommand multi-view; and __fish_seen_subcommand_from check" -l api-url -d 'Base URL of the API [env: VSAI_API_URL]' -r
complete -c vsai -n "__fish_vsai_using_subcommand multi-view; and __fish_seen_subcommand_from check" -l ca-file -d 'PEM file with further certificate authorities to trust [env: VSAI_CA_FILE]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand multi-view; and __fish_seen_subcommand_from check" -l config-dir -d 'Folder of settings, credentials and data [env: VSAI_CONFIG_DIR]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand multi-view; and __fish_seen_subcommand_from check" -l color -d 'When to colour [env: VSAI_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Also into a pipe'
never\t'Never'"
complete -c vsai -n "__fish_vsai_using_subcommand multi-view; and __fish_seen_subcommand_from check" -l as-is -d 'Send files\' bytes unchanged, instead of upright JPEGs of at most 3072 pixels'
complete -c vsai -n "__fish_vsai_using_subcommand multi-view; and __fish_seen_subcommand_from check" -l dry-run -d 'Show the request; send nothing'
complete -c vsai -n "__fish_vsai_using_subcommand multi-view; and __fish_seen_subcommand_from check" -l json -d 'One JSON object a line on stdout, and nothing else [env: VSAI_JSON]'
complete -c vsai -n "__fish_vsai_using_subcommand multi-view; and __fish_seen_subcommand_from check" -s q -l quiet -d 'No banners and notes; warnings and errors stay [env: VSAI_QUIET]'
complete -c vsai -n "__fish_vsai_using_subcommand multi-view; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Say more about the work [env: VSAI_VERBOSE]'
complete -c vsai -n "__fish_vsai_using_subcommand multi-view; and __fish_seen_subcommand_from check" -l no-input -d 'Never ask; fail where an answer is needed [env: VSAI_NO_INPUT]'
complete -c vsai -n "__fish_vsai_using_subcommand multi-view; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vsai -n "__fish_vsai_using_subcommand listen" -l port -d 'Port to listen on; 0 takes any free one' -r
complete -c vsai -n "__fish_vsai_using_subcommand listen" -l bind -d 'Address to listen on' -r
complete -c vsai -n "__fish_vsai_using_subcommand listen" -l path -d 'The one path that takes webhooks [default: /, or a random one with --public-url or --tunnel]' -r
complete -c vsai -n "__fish_vsai_using_subcommand listen" -l public-url -d 'URL by which webhooks reach this listener, through a proxy or tunnel of yours' -r
complete -c vsai -n "__fish_vsai_using_subcommand listen" -l tunnel -d 'Start a tunnel with this tool, cloudflared, ngrok or \'cmd:COMMAND\' with {port} or {url} in it, and end it with the listener; the public URL that it says is taken, and no address of this machine unless it is alone on its line' -r
complete -c vsai -n "__fish_vsai_using_subcommand listen" -l events -d 'Show, count and pass on only these event types' -r
complete -c vsai -n "__fish_vsai_using_subcommand listen" -l filter -d 'Show, count and pass on only events in which a payload member or query.NAME has this value' -r
complete -c vsai -n "__fish_vsai_using_subcommand listen" -l count -d 'Stop after so many events' -r
complete -c vsai -n "__fish_vsai_using_subcommand listen" -l until-done -d 'Stop when N variations of a render, or this variation, are done or failed' -r
complete -c vsai -n "__fish_vsai_using_subcommand listen" -l timeout -d 'Stop after this time; exits 124 if a condition is unmet by then' -r
complete -c vsai -n "__fish_vsai_using_subcommand listen" -l fail-on -d 'Exit 1 at the stop if there was one' -r -f -a "error\t'An event that reports a failure'
unverified\t'A delivery that was not verified'"
complete -c vsai -n "__fish_vsai_using_subcommand listen" -l ready-file -d 'Write the `ready` record to this file once webhooks can come, and remove it at the end' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand listen" -l unverified -d 'What to do with deliveries that cannot be verified' -r -f -a "reject\t'Answered 401 and reported as refused'
mark\t'Answered 200 and reported as unverified, never as an event'"
complete -c vsai -n "__fish_vsai_using_subcommand listen" -l max-age -d 'Refuse events that are signed as older than this; those that tell no time are taken' -r
complete -c vsai -n "__fish_vsai_using_subcommand listen" -l forward-to -d 'Pass verified events on to this handler: 3000, :3000/hook, localhost:3000/hook or a URL' -r
complete -c vsai -n "__fish_vsai_using_subcommand listen" -l route -d 'Pass events of this type on to this handler, and not to those of --forward-to' -r
complete -c vsai -n "__fish_vsai_using_subcommand listen" -l header -d 'Send this header along; a credential belongs into --header-file' -r
complete -c vsai -n "__fish_vsai_using_subcommand listen" -l header-file -d 'Send the headers in this file along, one a line' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand listen" -l attempt-timeout -d 'Time that a handler gets for each try' -r
complete -c vsai -n "__fish_vsai_using_subcommand listen" -l retry-pause -d 'About the pause before the second try. It grows: with 5s, twelve tries take a day' -r
complete -c vsai -n "__fish_vsai_using_subcommand listen" -l ack -d 'Who answers the sender' -r -f -a "journal\t'200 when the journal has it; handlers get it from there, again and again if need be'
forward\t'What the handler answers; a retry of the sender is passed on until the handler has answered 200'"
complete -c vsai -n "__fish_vsai_using_subcommand listen" -l download -d 'Save the pictures of each verified `done` event into this folder' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand listen" -l variant -d 'Which of a result\'s pictures to save' -r -f -a "full\t'As it was made'
optimized\t'WebP for the web, where the API gives one'
thumbnail\t'A small JPEG, where the API gives one'"
complete -c vsai -n "__fish_vsai_using_subcommand listen" -l name -d 'Names of the pictures; in braces: render, variation, n, view, kind, source, room, style, row, variant' -r
complete -c vsai -n "__fish_vsai_using_subcommand listen" -l journal -d 'Journal to use instead of the profile\'s' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand listen" -l secret-file -d 'File that holds a webhook secret, repeated for several live ones; else VSAI_WEBHOOK_SECRET, else the profile\'s' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand listen" -l max-connections -d 'Connections at once; past it, the one that has kept the listener waiting for longest is dropped' -r
complete -c vsai -n "__fish_vsai_using_subcommand listen" -l max-header -d 'Largest request head that is taken' -r
complete -c vsai -n "__fish_vsai_using_subcommand listen" -l max-body -d 'Largest body that is taken' -r
complete -c vsai -n "__fish_vsai_using_subcommand listen" -l read-timeout -d 'Time that a sender gets for its request\'s head, and again for the body' -r
complete -c vsai -n "__fish_vsai_using_subcommand listen" -l max-bodies -d 'Memory for large bodies in flight, all together; at least one of the largest is taken' -r
complete -c vsai -n "__fish_vsai_using_subcommand listen" -l max-requests -d 'Verified deliveries in flight; one more waits for up to 2 s, then it is answered 503' -r
complete -c vsai -n "__fish_vsai_using_subcommand listen" -l max-checks -d 'Checks at once that may take long: of large bodies, and of those not signed as they are' -r
complete -c vsai -n "__fish_vsai_using_subcommand listen" -s p -l profile -d 'Profile to use; as a flag it sets VSAI_API_KEY, VSAI_API_URL and VSAI_WEBHOOK_SECRET aside [env: VSAI_PROFILE]' -r
complete -c vsai -n "__fish_vsai_using_subcommand listen" -l api-url -d 'Base URL of the API [env: VSAI_API_URL]' -r
complete -c vsai -n "__fish_vsai_using_subcommand listen" -l ca-file -d 'PEM file with further certificate authorities to trust [env: VSAI_CA_FILE]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand listen" -l config-dir -d 'Folder of settings, credentials and data [env: VSAI_CONFIG_DIR]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand listen" -l color -d 'When to colour [env: VSAI_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Also into a pipe'
never\t'Never'"
complete -c vsai -n "__fish_vsai_using_subcommand listen" -l exit-with-stdin -d 'Stop when standard input is closed'
complete -c vsai -n "__fish_vsai_using_subcommand listen" -l overwrite -d 'Download again what is there, and replace files that are not vsai\'s'
complete -c vsai -n "__fish_vsai_using_subcommand listen" -l no-journal -d 'Keep nothing: what nobody reads here is lost, and nothing can be shown or replayed later'
complete -c vsai -n "__fish_vsai_using_subcommand listen" -l json -d 'One JSON object a line on stdout, and nothing else [env: VSAI_JSON]'
complete -c vsai -n "__fish_vsai_using_subcommand listen" -s q -l quiet -d 'No banners and notes; warnings and errors stay [env: VSAI_QUIET]'
complete -c vsai -n "__fish_vsai_using_subcommand listen" -s v -l verbose -d 'Say more about the work [env: VSAI_VERBOSE]'
complete -c vsai -n "__fish_vsai_using_subcommand listen" -l no-input -d 'Never ask; fail where an answer is needed [env: VSAI_NO_INPUT]'
complete -c vsai -n "__fish_vsai_using_subcommand listen" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vsai -n "__fish_vsai_using_subcommand events; and not __fish_seen_subcommand_from list show explain stats tail replay export prune consumers" -s p -l profile -d 'Profile to use; as a flag it sets VSAI_API_KEY, VSAI_API_URL and VSAI_WEBHOOK_SECRET aside [env: VSAI_PROFILE]' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and not __fish_seen_subcommand_from list show explain stats tail replay export prune consumers" -l api-url -d 'Base URL of the API [env: VSAI_API_URL]' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and not __fish_seen_subcommand_from list show explain stats tail replay export prune consumers" -l ca-file -d 'PEM file with further certificate authorities to trust [env: VSAI_CA_FILE]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand events; and not __fish_seen_subcommand_from list show explain stats tail replay export prune consumers" -l config-dir -d 'Folder of settings, credentials and data [env: VSAI_CONFIG_DIR]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand events; and not __fish_seen_subcommand_from list show explain stats tail replay export prune consumers" -l color -d 'When to colour [env: VSAI_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Also into a pipe'
never\t'Never'"
complete -c vsai -n "__fish_vsai_using_subcommand events; and not __fish_seen_subcommand_from list show explain stats tail replay export prune consumers" -l json -d 'One JSON object a line on stdout, and nothing else [env: VSAI_JSON]'
complete -c vsai -n "__fish_vsai_using_subcommand events; and not __fish_seen_subcommand_from list show explain stats tail replay export prune consumers" -s q -l quiet -d 'No banners and notes; warnings and errors stay [env: VSAI_QUIET]'
complete -c vsai -n "__fish_vsai_using_subcommand events; and not __fish_seen_subcommand_from list show explain stats tail replay export prune consumers" -s v -l verbose -d 'Say more about the work [env: VSAI_VERBOSE]'
complete -c vsai -n "__fish_vsai_using_subcommand events; and not __fish_seen_subcommand_from list show explain stats tail replay export prune consumers" -l no-input -d 'Never ask; fail where an answer is needed [env: VSAI_NO_INPUT]'
complete -c vsai -n "__fish_vsai_using_subcommand events; and not __fish_seen_subcommand_from list show explain stats tail replay export prune consumers" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vsai -n "__fish_vsai_using_subcommand events; and not __fish_seen_subcommand_from list show explain stats tail replay export prune consumers" -f -a "list" -d 'List events, newest first'
complete -c vsai -n "__fish_vsai_using_subcommand events; and not __fish_seen_subcommand_from list show explain stats tail replay export prune consumers" -f -a "show" -d 'Show an event, its deliveries, and every attempt to forward it'
complete -c vsai -n "__fish_vsai_using_subcommand events; and not __fish_seen_subcommand_from list show explain stats tail replay export prune consumers" -f -a "explain" -d 'Explain why a delivery was refused'
complete -c vsai -n "__fish_vsai_using_subcommand events; and not __fish_seen_subcommand_from list show explain stats tail replay export prune consumers" -f -a "stats" -d 'Count events, attempts and duplicates, and tell how long deliveries took'
complete -c vsai -n "__fish_vsai_using_subcommand events; and not __fish_seen_subcommand_from list show explain stats tail replay export prune consumers" -f -a "tail" -d 'Show the last events, oldest first, and with -f those that come'
complete -c vsai -n "__fish_vsai_using_subcommand events; and not __fish_seen_subcommand_from list show explain stats tail replay export prune consumers" -f -a "replay" -d 'Send events to a handler once more, and judge its answers'
complete -c vsai -n "__fish_vsai_using_subcommand events; and not __fish_seen_subcommand_from list show explain stats tail replay export prune consumers" -f -a "export" -d 'Export events, oldest first: JSON lines on standard output, or files'
complete -c vsai -n "__fish_vsai_using_subcommand events; and not __fish_seen_subcommand_from list show explain stats tail replay export prune consumers" -f -a "prune" -d 'Drop the oldest events'
complete -c vsai -n "__fish_vsai_using_subcommand events; and not __fish_seen_subcommand_from list show explain stats tail replay export prune consumers" -f -a "consumers" -d 'See for whom the journal keeps events, and remove who is no longer there'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from list" -s n -l limit -d 'At most so many' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from list" -l events -d 'Only these event types' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from list" -l render -d 'Only events of this render' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from list" -l variation -d 'Only events of this variation' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from list" -l filter -d 'Only events in which a payload member or query.NAME has this value' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from list" -l since -d 'Only deliveries since then: 1h30m ago, or a time such as 2026-01-31 or 2026-01-31T10:00:00Z' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from list" -l until -d 'Only deliveries before then' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from list" -l state -d 'Only deliveries that forwarding has left in this state' -r -f -a "delivered\t'Every handler took it'
waiting\t'It is tried again'
failed\t'A handler did not take it, and it is not tried again by itself'"
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from list" -l journal -d 'Journal to use instead of the profile\'s' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from list" -s p -l profile -d 'Profile to use; as a flag it sets VSAI_API_KEY, VSAI_API_URL and VSAI_WEBHOOK_SECRET aside [env: VSAI_PROFILE]' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from list" -l api-url -d 'Base URL of the API [env: VSAI_API_URL]' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from list" -l ca-file -d 'PEM file with further certificate authorities to trust [env: VSAI_CA_FILE]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from list" -l config-dir -d 'Folder of settings, credentials and data [env: VSAI_CONFIG_DIR]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from list" -l color -d 'When to colour [env: VSAI_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Also into a pipe'
never\t'Never'"
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from list" -l all -d 'All of them'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from list" -l json -d 'One JSON object a line on stdout, and nothing else [env: VSAI_JSON]'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from list" -s q -l quiet -d 'No banners and notes; warnings and errors stay [env: VSAI_QUIET]'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more about the work [env: VSAI_VERBOSE]'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask; fail where an answer is needed [env: VSAI_NO_INPUT]'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from show" -l journal -d 'Journal to use instead of the profile\'s' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from show" -s p -l profile -d 'Profile to use; as a flag it sets VSAI_API_KEY, VSAI_API_URL and VSAI_WEBHOOK_SECRET aside [env: VSAI_PROFILE]' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from show" -l api-url -d 'Base URL of the API [env: VSAI_API_URL]' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from show" -l ca-file -d 'PEM file with further certificate authorities to trust [env: VSAI_CA_FILE]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from show" -l config-dir -d 'Folder of settings, credentials and data [env: VSAI_CONFIG_DIR]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from show" -l color -d 'When to colour [env: VSAI_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Also into a pipe'
never\t'Never'"
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from show" -l headers -d 'The headers, too; they are not signed'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from show" -l raw -d 'Only the payload, byte for byte what was verified'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from show" -l json -d 'One JSON object a line on stdout, and nothing else [env: VSAI_JSON]'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from show" -s q -l quiet -d 'No banners and notes; warnings and errors stay [env: VSAI_QUIET]'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more about the work [env: VSAI_VERBOSE]'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask; fail where an answer is needed [env: VSAI_NO_INPUT]'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from explain" -l journal -d 'Journal to use instead of the profile\'s' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from explain" -l secret-file -d 'File that holds a webhook secret, repeated for several live ones; else VSAI_WEBHOOK_SECRET, else the profile\'s' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from explain" -s p -l profile -d 'Profile to use; as a flag it sets VSAI_API_KEY, VSAI_API_URL and VSAI_WEBHOOK_SECRET aside [env: VSAI_PROFILE]' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from explain" -l api-url -d 'Base URL of the API [env: VSAI_API_URL]' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from explain" -l ca-file -d 'PEM file with further certificate authorities to trust [env: VSAI_CA_FILE]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from explain" -l config-dir -d 'Folder of settings, credentials and data [env: VSAI_CONFIG_DIR]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from explain" -l color -d 'When to colour [env: VSAI_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Also into a pipe'
never\t'Never'"
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from explain" -l json -d 'One JSON object a line on stdout, and nothing else [env: VSAI_JSON]'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from explain" -s q -l quiet -d 'No banners and notes; warnings and errors stay [env: VSAI_QUIET]'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from explain" -s v -l verbose -d 'Say more about the work [env: VSAI_VERBOSE]'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from explain" -l no-input -d 'Never ask; fail where an answer is needed [env: VSAI_NO_INPUT]'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from stats" -l events -d 'Only these event types' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from stats" -l render -d 'Only events of this render' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from stats" -l variation -d 'Only events of this variation' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from stats" -l filter -d 'Only events in which a payload member or query.NAME has this value' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from stats" -l since -d 'Only deliveries since then: 1h30m ago, or a time such as 2026-01-31 or 2026-01-31T10:00:00Z' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from stats" -l until -d 'Only deliveries before then' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from stats" -l state -d 'Only deliveries that forwarding has left in this state' -r -f -a "delivered\t'Every handler took it'
waiting\t'It is tried again'
failed\t'A handler did not take it, and it is not tried again by itself'"
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from stats" -l journal -d 'Journal to use instead of the profile\'s' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from stats" -s p -l profile -d 'Profile to use; as a flag it sets VSAI_API_KEY, VSAI_API_URL and VSAI_WEBHOOK_SECRET aside [env: VSAI_PROFILE]' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from stats" -l api-url -d 'Base URL of the API [env: VSAI_API_URL]' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from stats" -l ca-file -d 'PEM file with further certificate authorities to trust [env: VSAI_CA_FILE]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from stats" -l config-dir -d 'Folder of settings, credentials and data [env: VSAI_CONFIG_DIR]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from stats" -l color -d 'When to colour [env: VSAI_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Also into a pipe'
never\t'Never'"
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from stats" -l json -d 'One JSON object a line on stdout, and nothing else [env: VSAI_JSON]'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from stats" -s q -l quiet -d 'No banners and notes; warnings and errors stay [env: VSAI_QUIET]'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from stats" -s v -l verbose -d 'Say more about the work [env: VSAI_VERBOSE]'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from stats" -l no-input -d 'Never ask; fail where an answer is needed [env: VSAI_NO_INPUT]'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from stats" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from tail" -s n -l lines -d 'Begin with the last N events' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from tail" -l consumer -d 'Follow, and begin where the last run under this name has ended; the first one begins now, or --from-start. With --forward-to there is such a name for each handler, if none is given' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from tail" -l forward-to -d 'Pass verified events on to this handler: 3000, :3000/hook, localhost:3000/hook or a URL' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from tail" -l route -d 'Pass events of this type on to this handler, and not to those of --forward-to' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from tail" -l header -d 'Send this header along; a credential belongs into --header-file' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from tail" -l header-file -d 'Send the headers in this file along, one a line' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from tail" -l attempt-timeout -d 'Time that a handler gets for each try' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from tail" -l retry-pause -d 'About the pause before the second try. It grows: with 5s, twelve tries take a day' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from tail" -l events -d 'Only these event types' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from tail" -l render -d 'Only events of this render' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from tail" -l variation -d 'Only events of this variation' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from tail" -l filter -d 'Only events in which a payload member or query.NAME has this value' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from tail" -l journal -d 'Journal to use instead of the profile\'s' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from tail" -s p -l profile -d 'Profile to use; as a flag it sets VSAI_API_KEY, VSAI_API_URL and VSAI_WEBHOOK_SECRET aside [env: VSAI_PROFILE]' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from tail" -l api-url -d 'Base URL of the API [env: VSAI_API_URL]' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from tail" -l ca-file -d 'PEM file with further certificate authorities to trust [env: VSAI_CA_FILE]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from tail" -l config-dir -d 'Folder of settings, credentials and data [env: VSAI_CONFIG_DIR]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from tail" -l color -d 'When to colour [env: VSAI_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Also into a pipe'
never\t'Never'"
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from tail" -l from-start -d 'Begin with the oldest event'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from tail" -s f -l follow -d 'Go on with what comes, until Ctrl-C'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from tail" -l json -d 'One JSON object a line on stdout, and nothing else [env: VSAI_JSON]'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from tail" -s q -l quiet -d 'No banners and notes; warnings and errors stay [env: VSAI_QUIET]'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from tail" -s v -l verbose -d 'Say more about the work [env: VSAI_VERBOSE]'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from tail" -l no-input -d 'Never ask; fail where an answer is needed [env: VSAI_NO_INPUT]'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from tail" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from replay" -l to -d 'Where they go: 3000, :3000/hook, localhost:3000/hook or a URL' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from replay" -l events -d 'Only these event types' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from replay" -l render -d 'Only events of this render' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from replay" -l variation -d 'Only events of this variation' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from replay" -l filter -d 'Only events in which a payload member or query.NAME has this value' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from replay" -l since -d 'Only deliveries since then: 1h30m ago, or a time such as 2026-01-31 or 2026-01-31T10:00:00Z' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from replay" -l until -d 'Only deliveries before then' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from replay" -l state -d 'Only deliveries that forwarding has left in this state' -r -f -a "delivered\t'Every handler took it'
waiting\t'It is tried again'
failed\t'A handler did not take it, and it is not tried again by itself'"
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from replay" -l set -d 'Change a member of the payload, such as result.url=http://localhost:3000/a.jpg; JSON, or else a string. With --resign' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from replay" -l expect-status -d 'The answer that is right: 204, 2xx or 200-299; any of several' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from replay" -s n -l repeat -d 'Send each event so many times, one after the other' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from replay" -l rate -d 'Send no faster than this, such as 5/s or 30/min' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from replay" -l attempt-timeout -d 'Time that the handler gets for each answer' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from replay" -l header -d 'Send this header along; a credential belongs into --header-file' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from replay" -l header-file -d 'Send the headers in this file along, one a line' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from replay" -l journal -d 'Journal to use instead of the profile\'s' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from replay" -l secret-file -d 'File that holds a webhook secret, repeated for several live ones; else VSAI_WEBHOOK_SECRET, else the profile\'s' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from replay" -s p -l profile -d 'Profile to use; as a flag it sets VSAI_API_KEY, VSAI_API_URL and VSAI_WEBHOOK_SECRET aside [env: VSAI_PROFILE]' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from replay" -l api-url -d 'Base URL of the API [env: VSAI_API_URL]' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from replay" -l ca-file -d 'PEM file with further certificate authorities to trust [env: VSAI_CA_FILE]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from replay" -l config-dir -d 'Folder of settings, credentials and data [env: VSAI_CONFIG_DIR]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from replay" -l color -d 'When to colour [env: VSAI_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Also into a pipe'
never\t'Never'"
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from replay" -l all -d 'All events of the journal, oldest first'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from replay" -l failed -d 'Those that forwarding has given up, until they are answered as expected; without --to, each goes to the handler that did not take it'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from replay" -l edit -d 'Change the payload of each event that is named in $VISUAL or $EDITOR. With --resign'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from replay" -l resign -d 'Sign with the live secret instead of sending the original signature'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from replay" -l dry-run -d 'Show what would be sent, and send nothing'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from replay" -l json -d 'One JSON object a line on stdout, and nothing else [env: VSAI_JSON]'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from replay" -s q -l quiet -d 'No banners and notes; warnings and errors stay [env: VSAI_QUIET]'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from replay" -s v -l verbose -d 'Say more about the work [env: VSAI_VERBOSE]'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from replay" -l no-input -d 'Never ask; fail where an answer is needed [env: VSAI_NO_INPUT]'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from replay" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from export" -l dir -d 'Write each record to a file of its own in this folder, evt_….N.json; files that are there already stay as they are' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from export" -l events -d 'Only these event types' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from export" -l render -d 'Only events of this render' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from export" -l variation -d 'Only events of this variation' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from export" -l filter -d 'Only events in which a payload member or query.NAME has this value' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from export" -l since -d 'Only deliveries since then: 1h30m ago, or a time such as 2026-01-31 or 2026-01-31T10:00:00Z' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from export" -l until -d 'Only deliveries before then' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from export" -l state -d 'Only deliveries that forwarding has left in this state' -r -f -a "delivered\t'Every handler took it'
waiting\t'It is tried again'
failed\t'A handler did not take it, and it is not tried again by itself'"
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from export" -l journal -d 'Journal to use instead of the profile\'s' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from export" -s p -l profile -d 'Profile to use; as a flag it sets VSAI_API_KEY, VSAI_API_URL and VSAI_WEBHOOK_SECRET aside [env: VSAI_PROFILE]' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from export" -l api-url -d 'Base URL of the API [env: VSAI_API_URL]' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from export" -l ca-file -d 'PEM file with further certificate authorities to trust [env: VSAI_CA_FILE]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from export" -l config-dir -d 'Folder of settings, credentials and data [env: VSAI_CONFIG_DIR]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from export" -l color -d 'When to colour [env: VSAI_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Also into a pipe'
never\t'Never'"
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from export" -l json -d 'One JSON object a line on stdout, and nothing else [env: VSAI_JSON]'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from export" -s q -l quiet -d 'No banners and notes; warnings and errors stay [env: VSAI_QUIET]'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from export" -s v -l verbose -d 'Say more about the work [env: VSAI_VERBOSE]'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from export" -l no-input -d 'Never ask; fail where an answer is needed [env: VSAI_NO_INPUT]'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from prune" -l older-than -d 'Drop what was received longer ago than this' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from prune" -l max-size -d 'Drop the oldest until the journal is no larger than this' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from prune" -l journal -d 'Journal to use instead of the profile\'s' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from prune" -s p -l profile -d 'Profile to use; as a flag it sets VSAI_API_KEY, VSAI_API_URL and VSAI_WEBHOOK_SECRET aside [env: VSAI_PROFILE]' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from prune" -l api-url -d 'Base URL of the API [env: VSAI_API_URL]' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from prune" -l ca-file -d 'PEM file with further certificate authorities to trust [env: VSAI_CA_FILE]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from prune" -l config-dir -d 'Folder of settings, credentials and data [env: VSAI_CONFIG_DIR]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from prune" -l color -d 'When to colour [env: VSAI_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Also into a pipe'
never\t'Never'"
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from prune" -l force -d 'Drop also what a consumer has not finished yet'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from prune" -s y -l yes -d 'Do not ask'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from prune" -l json -d 'One JSON object a line on stdout, and nothing else [env: VSAI_JSON]'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from prune" -s q -l quiet -d 'No banners and notes; warnings and errors stay [env: VSAI_QUIET]'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from prune" -s v -l verbose -d 'Say more about the work [env: VSAI_VERBOSE]'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from prune" -l no-input -d 'Never ask; fail where an answer is needed [env: VSAI_NO_INPUT]'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from prune" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from consumers" -s p -l profile -d 'Profile to use; as a flag it sets VSAI_API_KEY, VSAI_API_URL and VSAI_WEBHOOK_SECRET aside [env: VSAI_PROFILE]' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from consumers" -l api-url -d 'Base URL of the API [env: VSAI_API_URL]' -r
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from consumers" -l ca-file -d 'PEM file with further certificate authorities to trust [env: VSAI_CA_FILE]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from consumers" -l config-dir -d 'Folder of settings, credentials and data [env: VSAI_CONFIG_DIR]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from consumers" -l color -d 'When to colour [env: VSAI_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Also into a pipe'
never\t'Never'"
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from consumers" -l json -d 'One JSON object a line on stdout, and nothing else [env: VSAI_JSON]'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from consumers" -s q -l quiet -d 'No banners and notes; warnings and errors stay [env: VSAI_QUIET]'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from consumers" -s v -l verbose -d 'Say more about the work [env: VSAI_VERBOSE]'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from consumers" -l no-input -d 'Never ask; fail where an answer is needed [env: VSAI_NO_INPUT]'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from consumers" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from consumers" -f -a "list" -d 'List consumers, where they pass events on to, and how far they have come'
complete -c vsai -n "__fish_vsai_using_subcommand events; and __fish_seen_subcommand_from consumers" -f -a "remove" -d 'Remove a consumer that is not at work: nothing is kept for it any more, and what it was to try again has failed'
complete -c vsai -n "__fish_vsai_using_subcommand trigger" -l to -d 'Where it goes: 3000, :3000/hook, localhost:3000/hook or a URL' -r
complete -c vsai -n "__fish_vsai_using_subcommand trigger" -l data -d 'Send this payload instead, byte for byte, signed as `vsai sign` does; `-` is standard input' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand trigger" -l set -d 'Change a member of the payload, such as result.url=http://localhost:3000/a.jpg; JSON, or else a string' -r
complete -c vsai -n "__fish_vsai_using_subcommand trigger" -s n -l repeat -d 'Send so many events, one after the other: variations of one render' -r
complete -c vsai -n "__fish_vsai_using_subcommand trigger" -l retry-pause -d 'Pause before the second try; it doubles for each of the two after that' -r
complete -c vsai -n "__fish_vsai_using_subcommand trigger" -l attempt-timeout -d 'Time that each try gets' -r
complete -c vsai -n "__fish_vsai_using_subcommand trigger" -l secret-file -d 'File that holds a webhook secret, repeated for several live ones; else VSAI_WEBHOOK_SECRET, else the profile\'s' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand trigger" -s p -l profile -d 'Profile to use; as a flag it sets VSAI_API_KEY, VSAI_API_URL and VSAI_WEBHOOK_SECRET aside [env: VSAI_PROFILE]' -r
complete -c vsai -n "__fish_vsai_using_subcommand trigger" -l api-url -d 'Base URL of the API [env: VSAI_API_URL]' -r
complete -c vsai -n "__fish_vsai_using_subcommand trigger" -l ca-file -d 'PEM file with further certificate authorities to trust [env: VSAI_CA_FILE]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand trigger" -l config-dir -d 'Folder of settings, credentials and data [env: VSAI_CONFIG_DIR]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand trigger" -l color -d 'When to colour [env: VSAI_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Also into a pipe'
never\t'Never'"
complete -c vsai -n "__fish_vsai_using_subcommand trigger" -l fixed-ids -d 'Use the same ids and times in each run'
complete -c vsai -n "__fish_vsai_using_subcommand trigger" -l retries -d 'Send again as the vendor does: up to three times until exactly 200'
complete -c vsai -n "__fish_vsai_using_subcommand trigger" -l json -d 'One JSON object a line on stdout, and nothing else [env: VSAI_JSON]'
complete -c vsai -n "__fish_vsai_using_subcommand trigger" -s q -l quiet -d 'No banners and notes; warnings and errors stay [env: VSAI_QUIET]'
complete -c vsai -n "__fish_vsai_using_subcommand trigger" -s v -l verbose -d 'Say more about the work [env: VSAI_VERBOSE]'
complete -c vsai -n "__fish_vsai_using_subcommand trigger" -l no-input -d 'Never ask; fail where an answer is needed [env: VSAI_NO_INPUT]'
complete -c vsai -n "__fish_vsai_using_subcommand trigger" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vsai -n "__fish_vsai_using_subcommand test-handler" -l only -d 'Try only this case, repeated for several' -r -f -a "valid\t''
error-event\t''
analysis\t''
multi-view\t''
unknown-type\t''
unicode-heavy\t''
reformatted\t''
duplicate\t''
charset\t''
slow\t''
90-kib\t''
1-mib\t''
tampered\t''
unsigned\t''
wrong-secret\t''
malformed-signature\t''
cut-short\t''
odd-content-type\t''
no-content-type\t''"
complete -c vsai -n "__fish_vsai_using_subcommand test-handler" -l skip -d 'Leave out this case, repeated for several' -r -f -a "valid\t''
error-event\t''
analysis\t''
multi-view\t''
unknown-type\t''
unicode-heavy\t''
reformatted\t''
duplicate\t''
charset\t''
slow\t''
90-kib\t''
1-mib\t''
tampered\t''
unsigned\t''
wrong-secret\t''
malformed-signature\t''
cut-short\t''
odd-content-type\t''
no-content-type\t''"
complete -c vsai -n "__fish_vsai_using_subcommand test-handler" -l time-limit -d 'Time that each answer may take' -r
complete -c vsai -n "__fish_vsai_using_subcommand test-handler" -l secret-file -d 'File that holds a webhook secret, repeated for several live ones; else VSAI_WEBHOOK_SECRET, else the profile\'s' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand test-handler" -s p -l profile -d 'Profile to use; as a flag it sets VSAI_API_KEY, VSAI_API_URL and VSAI_WEBHOOK_SECRET aside [env: VSAI_PROFILE]' -r
complete -c vsai -n "__fish_vsai_using_subcommand test-handler" -l api-url -d 'Base URL of the API [env: VSAI_API_URL]' -r
complete -c vsai -n "__fish_vsai_using_subcommand test-handler" -l ca-file -d 'PEM file with further certificate authorities to trust [env: VSAI_CA_FILE]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand test-handler" -l config-dir -d 'Folder of settings, credentials and data [env: VSAI_CONFIG_DIR]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand test-handler" -l color -d 'When to colour [env: VSAI_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Also into a pipe'
never\t'Never'"
complete -c vsai -n "__fish_vsai_using_subcommand test-handler" -l json -d 'One JSON object a line on stdout, and nothing else [env: VSAI_JSON]'
complete -c vsai -n "__fish_vsai_using_subcommand test-handler" -s q -l quiet -d 'No banners and notes; warnings and errors stay [env: VSAI_QUIET]'
complete -c vsai -n "__fish_vsai_using_subcommand test-handler" -s v -l verbose -d 'Say more about the work [env: VSAI_VERBOSE]'
complete -c vsai -n "__fish_vsai_using_subcommand test-handler" -l no-input -d 'Never ask; fail where an answer is needed [env: VSAI_NO_INPUT]'
complete -c vsai -n "__fish_vsai_using_subcommand test-handler" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vsai -n "__fish_vsai_using_subcommand sandbox" -l port -d 'Port to listen on, on 127.0.0.1; 0 takes any free one' -r
complete -c vsai -n "__fish_vsai_using_subcommand sandbox" -l speed -d 'How many times faster work is done; at 1 a render of three takes about three seconds' -r
complete -c vsai -n "__fish_vsai_using_subcommand sandbox" -l seed -d 'Decides faults and drawn rooms: the same number, the same run [default: random]' -r
complete -c vsai -n "__fish_vsai_using_subcommand sandbox" -l photos -d 'Photos of an account: a number, or `unlimited`' -r
complete -c vsai -n "__fish_vsai_using_subcommand sandbox" -l link-lifetime -d 'Time until a result link answers 403; after twice this time it answers 410' -r
complete -c vsai -n "__fish_vsai_using_subcommand sandbox" -l retry-pause -d 'Pause before a webhook\'s second try; it doubles for each of the two after that' -r
complete -c vsai -n "__fish_vsai_using_subcommand sandbox" -l fail-rate -d 'Share of variations and analyses that fail' -r
complete -c vsai -n "__fish_vsai_using_subcommand sandbox" -l duplicate-rate -d 'Share of webhooks that are delivered twice' -r
complete -c vsai -n "__fish_vsai_using_subcommand sandbox" -l late -d 'Send webhooks this much later than what they tell' -r
complete -c vsai -n "__fish_vsai_using_subcommand sandbox" -l wrong-secret-rate -d 'Share of webhooks that are signed with another secret' -r
complete -c vsai -n "__fish_vsai_using_subcommand sandbox" -l tamper-rate -d 'Share of webhooks in which one byte is changed after signing' -r
complete -c vsai -n "__fish_vsai_using_subcommand sandbox" -l http-500-rate -d 'Share of API requests that are answered 500, half of them after they took effect' -r
complete -c vsai -n "__fish_vsai_using_subcommand sandbox" -l hang-rate -d 'Share of API requests that are never answered, half of them after they took effect' -r
complete -c vsai -n "__fish_vsai_using_subcommand sandbox" -l cut-rate -d 'Share of API requests whose connection is closed: before they took effect, after it, or in the middle of the answer' -r
complete -c vsai -n "__fish_vsai_using_subcommand sandbox" -l http-429-rate -d 'Share of API requests that are answered 429 with Retry-After, without effect' -r
complete -c vsai -n "__fish_vsai_using_subcommand sandbox" -l slow -d 'Answer API requests this much after they took effect' -r
complete -c vsai -n "__fish_vsai_using_subcommand sandbox" -l vanish-rate -d 'Share of variations that are deleted instead of being done' -r
complete -c vsai -n "__fish_vsai_using_subcommand sandbox" -l late-removal -d 'List the removal that comes by itself only this much after all others are done' -r
complete -c vsai -n "__fish_vsai_using_subcommand sandbox" -l link-late -d 'Show a variation that is done without its links for this long' -r
complete -c vsai -n "__fish_vsai_using_subcommand sandbox" -s p -l profile -d 'Profile to use; as a flag it sets VSAI_API_KEY, VSAI_API_URL and VSAI_WEBHOOK_SECRET aside [env: VSAI_PROFILE]' -r
complete -c vsai -n "__fish_vsai_using_subcommand sandbox" -l api-url -d 'Base URL of the API [env: VSAI_API_URL]' -r
complete -c vsai -n "__fish_vsai_using_subcommand sandbox" -l ca-file -d 'PEM file with further certificate authorities to trust [env: VSAI_CA_FILE]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand sandbox" -l config-dir -d 'Folder of settings, credentials and data [env: VSAI_CONFIG_DIR]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand sandbox" -l color -d 'When to colour [env: VSAI_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Also into a pipe'
never\t'Never'"
complete -c vsai -n "__fish_vsai_using_subcommand sandbox" -l fixed-ids -d 'Make the same ids in each run with the same --seed'
complete -c vsai -n "__fish_vsai_using_subcommand sandbox" -l allow-remote-webhooks -d 'Send webhooks to other machines too'
complete -c vsai -n "__fish_vsai_using_subcommand sandbox" -l lenient -d 'Take requests with members that the API does not document'
complete -c vsai -n "__fish_vsai_using_subcommand sandbox" -l reorder -d 'Let every second webhook of a render overtake the one before it'
complete -c vsai -n "__fish_vsai_using_subcommand sandbox" -l json -d 'One JSON object a line on stdout, and nothing else [env: VSAI_JSON]'
complete -c vsai -n "__fish_vsai_using_subcommand sandbox" -s q -l quiet -d 'No banners and notes; warnings and errors stay [env: VSAI_QUIET]'
complete -c vsai -n "__fish_vsai_using_subcommand sandbox" -s v -l verbose -d 'Say more about the work [env: VSAI_VERBOSE]'
complete -c vsai -n "__fish_vsai_using_subcommand sandbox" -l no-input -d 'Never ask; fail where an answer is needed [env: VSAI_NO_INPUT]'
complete -c vsai -n "__fish_vsai_using_subcommand sandbox" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vsai -n "__fish_vsai_using_subcommand sign" -l secret-file -d 'File that holds a webhook secret, repeated for several live ones; else VSAI_WEBHOOK_SECRET, else the profile\'s' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand sign" -s p -l profile -d 'Profile to use; as a flag it sets VSAI_API_KEY, VSAI_API_URL and VSAI_WEBHOOK_SECRET aside [env: VSAI_PROFILE]' -r
complete -c vsai -n "__fish_vsai_using_subcommand sign" -l api-url -d 'Base URL of the API [env: VSAI_API_URL]' -r
complete -c vsai -n "__fish_vsai_using_subcommand sign" -l ca-file -d 'PEM file with further certificate authorities to trust [env: VSAI_CA_FILE]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand sign" -l config-dir -d 'Folder of settings, credentials and data [env: VSAI_CONFIG_DIR]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand sign" -l color -d 'When to colour [env: VSAI_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Also into a pipe'
never\t'Never'"
complete -c vsai -n "__fish_vsai_using_subcommand sign" -l raw -d 'Sign the exact bytes, of any size and kind, instead of the canonical form'
complete -c vsai -n "__fish_vsai_using_subcommand sign" -l header -d 'Print the whole header, for curl -H'
complete -c vsai -n "__fish_vsai_using_subcommand sign" -l write -d 'Also write each signature to FILE.sig'
complete -c vsai -n "__fish_vsai_using_subcommand sign" -l json -d 'One JSON object a line on stdout, and nothing else [env: VSAI_JSON]'
complete -c vsai -n "__fish_vsai_using_subcommand sign" -s q -l quiet -d 'No banners and notes; warnings and errors stay [env: VSAI_QUIET]'
complete -c vsai -n "__fish_vsai_using_subcommand sign" -s v -l verbose -d 'Say more about the work [env: VSAI_VERBOSE]'
complete -c vsai -n "__fish_vsai_using_subcommand sign" -l no-input -d 'Never ask; fail where an answer is needed [env: VSAI_NO_INPUT]'
complete -c vsai -n "__fish_vsai_using_subcommand sign" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vsai -n "__fish_vsai_using_subcommand verify" -l sig -d 'The signature; without a value, the one in FILE.sig. Put it after the files' -r
complete -c vsai -n "__fish_vsai_using_subcommand verify" -l sig-file -d 'File that holds the signature' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand verify" -l secret-file -d 'File that holds a webhook secret, repeated for several live ones; else VSAI_WEBHOOK_SECRET, else the profile\'s' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand verify" -s p -l profile -d 'Profile to use; as a flag it sets VSAI_API_KEY, VSAI_API_URL and VSAI_WEBHOOK_SECRET aside [env: VSAI_PROFILE]' -r
complete -c vsai -n "__fish_vsai_using_subcommand verify" -l api-url -d 'Base URL of the API [env: VSAI_API_URL]' -r
complete -c vsai -n "__fish_vsai_using_subcommand verify" -l ca-file -d 'PEM file with further certificate authorities to trust [env: VSAI_CA_FILE]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand verify" -l config-dir -d 'Folder of settings, credentials and data [env: VSAI_CONFIG_DIR]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand verify" -l color -d 'When to colour [env: VSAI_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Also into a pipe'
never\t'Never'"
complete -c vsai -n "__fish_vsai_using_subcommand verify" -l record -d 'The files hold `event` records, one a line, as `vsai listen --json` prints them'
complete -c vsai -n "__fish_vsai_using_subcommand verify" -l raw -d 'Try the exact bytes only; files of any size'
complete -c vsai -n "__fish_vsai_using_subcommand verify" -l explain -d 'On a mismatch, look for its cause; tries the stored secrets and API key too'
complete -c vsai -n "__fish_vsai_using_subcommand verify" -l json -d 'One JSON object a line on stdout, and nothing else [env: VSAI_JSON]'
complete -c vsai -n "__fish_vsai_using_subcommand verify" -s q -l quiet -d 'No banners and notes; warnings and errors stay [env: VSAI_QUIET]'
complete -c vsai -n "__fish_vsai_using_subcommand verify" -s v -l verbose -d 'Say more about the work [env: VSAI_VERBOSE]'
complete -c vsai -n "__fish_vsai_using_subcommand verify" -l no-input -d 'Never ask; fail where an answer is needed [env: VSAI_NO_INPUT]'
complete -c vsai -n "__fish_vsai_using_subcommand verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vsai -n "__fish_vsai_using_subcommand schema" -s p -l profile -d 'Profile to use; as a flag it sets VSAI_API_KEY, VSAI_API_URL and VSAI_WEBHOOK_SECRET aside [env: VSAI_PROFILE]' -r
complete -c vsai -n "__fish_vsai_using_subcommand schema" -l api-url -d 'Base URL of the API [env: VSAI_API_URL]' -r
complete -c vsai -n "__fish_vsai_using_subcommand schema" -l ca-file -d 'PEM file with further certificate authorities to trust [env: VSAI_CA_FILE]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand schema" -l config-dir -d 'Folder of settings, credentials and data [env: VSAI_CONFIG_DIR]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand schema" -l color -d 'When to colour [env: VSAI_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Also into a pipe'
never\t'Never'"
complete -c vsai -n "__fish_vsai_using_subcommand schema" -l json -d 'One JSON object a line on stdout, and nothing else [env: VSAI_JSON]'
complete -c vsai -n "__fish_vsai_using_subcommand schema" -s q -l quiet -d 'No banners and notes; warnings and errors stay [env: VSAI_QUIET]'
complete -c vsai -n "__fish_vsai_using_subcommand schema" -s v -l verbose -d 'Say more about the work [env: VSAI_VERBOSE]'
complete -c vsai -n "__fish_vsai_using_subcommand schema" -l no-input -d 'Never ask; fail where an answer is needed [env: VSAI_NO_INPUT]'
complete -c vsai -n "__fish_vsai_using_subcommand schema" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vsai -n "__fish_vsai_using_subcommand completions" -s p -l profile -d 'Profile to use; as a flag it sets VSAI_API_KEY, VSAI_API_URL and VSAI_WEBHOOK_SECRET aside [env: VSAI_PROFILE]' -r
complete -c vsai -n "__fish_vsai_using_subcommand completions" -l api-url -d 'Base URL of the API [env: VSAI_API_URL]' -r
complete -c vsai -n "__fish_vsai_using_subcommand completions" -l ca-file -d 'PEM file with further certificate authorities to trust [env: VSAI_CA_FILE]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand completions" -l config-dir -d 'Folder of settings, credentials and data [env: VSAI_CONFIG_DIR]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand completions" -l color -d 'When to colour [env: VSAI_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Also into a pipe'
never\t'Never'"
complete -c vsai -n "__fish_vsai_using_subcommand completions" -l json -d 'One JSON object a line on stdout, and nothing else [env: VSAI_JSON]'
complete -c vsai -n "__fish_vsai_using_subcommand completions" -s q -l quiet -d 'No banners and notes; warnings and errors stay [env: VSAI_QUIET]'
complete -c vsai -n "__fish_vsai_using_subcommand completions" -s v -l verbose -d 'Say more about the work [env: VSAI_VERBOSE]'
complete -c vsai -n "__fish_vsai_using_subcommand completions" -l no-input -d 'Never ask; fail where an answer is needed [env: VSAI_NO_INPUT]'
complete -c vsai -n "__fish_vsai_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vsai -n "__fish_vsai_using_subcommand man" -s p -l profile -d 'Profile to use; as a flag it sets VSAI_API_KEY, VSAI_API_URL and VSAI_WEBHOOK_SECRET aside [env: VSAI_PROFILE]' -r
complete -c vsai -n "__fish_vsai_using_subcommand man" -l api-url -d 'Base URL of the API [env: VSAI_API_URL]' -r
complete -c vsai -n "__fish_vsai_using_subcommand man" -l ca-file -d 'PEM file with further certificate authorities to trust [env: VSAI_CA_FILE]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand man" -l config-dir -d 'Folder of settings, credentials and data [env: VSAI_CONFIG_DIR]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand man" -l color -d 'When to colour [env: VSAI_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Also into a pipe'
never\t'Never'"
complete -c vsai -n "__fish_vsai_using_subcommand man" -l json -d 'One JSON object a line on stdout, and nothing else [env: VSAI_JSON]'
complete -c vsai -n "__fish_vsai_using_subcommand man" -s q -l quiet -d 'No banners and notes; warnings and errors stay [env: VSAI_QUIET]'
complete -c vsai -n "__fish_vsai_using_subcommand man" -s v -l verbose -d 'Say more about the work [env: VSAI_VERBOSE]'
complete -c vsai -n "__fish_vsai_using_subcommand man" -l no-input -d 'Never ask; fail where an answer is needed [env: VSAI_NO_INPUT]'
complete -c vsai -n "__fish_vsai_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vsai -n "__fish_vsai_using_subcommand help" -s p -l profile -d 'Profile to use; as a flag it sets VSAI_API_KEY, VSAI_API_URL and VSAI_WEBHOOK_SECRET aside [env: VSAI_PROFILE]' -r
complete -c vsai -n "__fish_vsai_using_subcommand help" -l api-url -d 'Base URL of the API [env: VSAI_API_URL]' -r
complete -c vsai -n "__fish_vsai_using_subcommand help" -l ca-file -d 'PEM file with further certificate authorities to trust [env: VSAI_CA_FILE]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand help" -l config-dir -d 'Folder of settings, credentials and data [env: VSAI_CONFIG_DIR]' -r -F
complete -c vsai -n "__fish_vsai_using_subcommand help" -l color -d 'When to colour [env: VSAI_COLOR]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Also into a pipe'
never\t'Never'"
complete -c vsai -n "__fish_vsai_using_subcommand help" -l json -d 'One JSON object a line on stdout, and nothing else [env: VSAI_JSON]'
complete -c vsai -n "__fish_vsai_using_subcommand help" -s q -l quiet -d 'No banners and notes; warnings and errors stay [env: VSAI_QUIET]'
complete -c vsai -n "__fish_vsai_using_subcommand help" -s v -l verbose -d 'Say more about the work [env: VSAI_VERBOSE]'
complete -c vsai -n "__fish_vsai_using_subcommand help" -l no-input -d 'Never ask; fail where an answer is needed [env: VSAI_NO_INPUT]'
complete -c vsai -n "__fish_vsai_using_subcommand help" -s h -l help -d 'Print help (see more with \'--help\')'
