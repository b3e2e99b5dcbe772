import { Injectable, UnauthorizedException, type CanActivate, type ExecutionContext } from '@nestjs/common';

/** Where a real app has sessions, an identity provider or a table of keys. */
const TEAMS = new Map([
  ['key-of-acme', 'acme'],
  ['key-of-globex', 'globex'],
]);

export interface TeamRequest {
  readonly headers: Readonly<Record<string, string | undefined>>;
  team?: string;
}

/** The app's own sign-in. */
@Injectable()
export class TeamGuard implements CanActivate {
  canActivate(context: ExecutionContext): true {
    const request = context.switchToHttp().getRequest<TeamRequest>();
    const team = TEAMS.get(request.headers['x-team-key'] ?? '');
    if (!team) throw new UnauthorizedException('Send the header X-Team-Key.');
    request.team = team;
    return true;
  }
}
